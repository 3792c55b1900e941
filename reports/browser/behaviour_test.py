"""What a reader does with a report: filter, sort, follow links, page, save, print."""
import json
import time
from urllib.parse import urlencode

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from report_case import ReportCase

PAGES = ("one.html", "several.html", "host.html", "large.html", "empty.html")


class Loading(ReportCase):
    def test_every_page_loads_without_network_or_errors(self):
        for name in PAGES:
            self.page.open(name)
            self.assertEqual(self.page.js("return performance.getEntriesByType('resource').length"), 0, name)
            self.assertEqual(self.page.errors(), [], name)
            self.assertGreater(len(self.page.all("main > section")), 1, name)

    def test_text_of_a_run_is_never_markup(self):
        self.page.open("several.html")
        self.page.js("document.querySelectorAll('#failures .more button').forEach(button => button.click())")
        self.page.js("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        self.assertNotIn("broken", self.page.driver.title)
        self.assertEqual(self.page.all("main img, a[href^='javascript']"), [])
        self.assertTrue(any("</script><img" in text for text in self.page.texts("#failures summary code")))


class Cases(ReportCase):
    def descriptors(self):
        return self.page.texts("#cases tbody th code")

    def choose(self, label, value):
        for one in self.page.all("#cases .filters label"):
            if one.text.startswith(label):
                Select(one.find_element("css selector", "select")).select_by_value(value)
                return
        self.fail(f"no filter {label}")

    def test_filters_narrow_the_table_and_stand_in_the_address(self):
        self.page.open("one.html")
        self.choose("Op", "l2norm:fwd")
        self.assertTrue(self.descriptors())
        self.assertTrue(all(one.startswith("l2norm:fwd") for one in self.descriptors()))
        self.assertIn("op=l2norm:fwd", self.page.hash())
        link = self.page.js("return location.hash")
        narrowed = self.descriptors()
        self.page.open("one.html", link)
        self.assertEqual(self.descriptors(), narrowed)
        self.page.find("#cases input[type=search]").send_keys("seed=1")
        self.assertTrue(all("seed=1" in one for one in self.descriptors()))
        self.page.find("#cases .filters button").click()
        self.assertEqual(len(self.descriptors()), 100)

    def test_headings_sort_both_ways(self):
        self.page.open("one.html")
        margins = lambda: [float(text.rstrip("×")) for text in self.page.texts("#cases tbody td:nth-child(3)") if "×" in text]
        heading = self.page.find("#cases thead th:nth-child(3)")
        heading.find_element("css selector", "button").click()
        self.assertEqual(heading.get_attribute("aria-sort"), "ascending")
        self.assertEqual(margins(), sorted(margins()))
        heading.find_element("css selector", "button").click()
        self.assertEqual(heading.get_attribute("aria-sort"), "descending")
        self.assertEqual(margins(), sorted(margins(), reverse=True))
        self.assertGreater(margins()[0], margins()[-1])

    def test_pages_turn_by_keyboard_and_keep_the_focus(self):
        self.page.open("one.html")
        first = self.descriptors()
        self.assertEqual(len(first), 100)
        self.page.js("document.querySelectorAll('#cases .pager button')[1].focus()")
        self.page.driver.switch_to.active_element.send_keys(Keys.ENTER)
        self.assertNotEqual(self.descriptors(), first)
        self.assertEqual(self.page.driver.switch_to.active_element.text, "Next →")
        self.page.driver.switch_to.active_element.send_keys(Keys.ENTER)
        self.page.driver.switch_to.active_element.send_keys(Keys.ENTER)  # there is no fourth
        self.assertIn("Page 3 of 3, 240 rows", self.page.find("#cases .pager").text)
        self.assertEqual(len(self.descriptors()), 40)
        self.assertIn("page=3", self.page.hash())

    def test_a_link_to_a_case_opens_it_where_it_is(self):
        wanted = "causal_conv1d:fwd dtype=bf16 channels=64 width=4 len=5,0,3,128,17 seed=128"
        self.page.open("one.html", "#" + urlencode({"case": wanted, "outcome": "pass"}))  # filtered out
        self.assertEqual(self.page.texts("#cases tr.open code"), [wanted])
        self.assertIn("leak across a boundary", self.page.find("#cases tr.detail").text)
        box = self.page.js("return document.querySelector('#cases tr.open').getBoundingClientRect().top")
        self.assertLess(0, box)
        self.assertLess(box, 900)
        self.page.open("one.html", "#case=nothing")
        self.assertIn("no case 'nothing'", self.page.find("#cases [role=status]").text)

    def test_links_of_the_page_lead_to_cases(self):
        self.page.open("one.html")
        cell = self.page.find("#coverage td.bad a")
        cell.click()
        self.assertIn("contract=", self.page.hash())
        self.assertGreater(len(self.descriptors()), 0)
        self.page.find("#cases tbody th a").click()
        self.assertEqual(len(self.page.all("#cases tr.detail")), 1)
        self.page.driver.back()
        self.assertEqual(len(self.page.all("#cases tr.detail")), 0)

    def test_a_case_file_is_saved(self):
        self.page.open("one.html")
        self.page.find("#failures .save").click()
        file = self.downloads / "case.json"
        for _ in range(100):
            if file.exists():
                break
            time.sleep(0.05)
        self.assertEqual(json.loads(file.read_text()), {"op": "causal_conv1d"})


class Failures(ReportCase):
    def blocks(self):
        return self.page.js("""return [...document.querySelectorAll('#failures .kind')].map(block => [
            block.querySelector('h3').textContent, [...block.querySelectorAll('summary code')].map(code => code.textContent)])""")

    def test_each_kind_shows_its_smallest_case_and_the_others_on_demand(self):
        self.page.open("host.html")
        blocks = self.blocks()
        self.assertEqual(len(blocks), 6)
        title, shown = blocks[0]
        self.assertEqual(title, "causal_conv1d:fwd y: fault 6 6 cases, the smallest first")
        self.assertEqual(shown, ["causal_conv1d:fwd dtype=bf16 len=595"])
        self.assertEqual(blocks[-1][0], "causal_conv1d:fwd y: fault 1 one case")
        self.page.find("#failures .kind .more button").click()
        lengths = [text.rsplit("=", 1)[1] for text in self.blocks()[0][1]]
        self.assertEqual(lengths, ["595", "596", "597", "598", "599", "600"])
        self.assertEqual(self.page.driver.switch_to.active_element.text.split("\n")[0].endswith("len=596"), True)

    def test_kinds_of_several_runs_name_theirs(self):
        self.page.open("several.html")
        titles = [title for title, _ in self.blocks()]
        self.assertEqual(len(set(titles)), len(titles), titles)
        self.assertIn("causal_conv1d:fwd y: leak across a boundary in hostile, 2 cases, the smallest first", titles)
        self.assertEqual(self.page.texts("#failures thead th")[0], "Run")

    def test_the_counts_of_the_first_screen_add_up(self):
        for name in ("host.html", "one.html", "several.html"):
            self.page.open(name)
            answer = self.page.all("#summary .answer")[1].text
            total = int(answer.split(" failure")[0].split("\n")[-1])
            parts = [int(text.split(":")[0]) for text in self.page.texts("#summary .answer:nth-child(2) li")]
            self.assertEqual(sum(parts), total, name)
            self.assertLessEqual(len(parts), 4)


class HostTimes(ReportCase):
    def test_what_is_slower_is_called_so(self):
        self.page.open("host.html")
        answer = self.page.all("#summary .answer")[2].text
        self.assertRegex(answer, r"\d× slower\nthan padding: simt against the padded baseline")
        self.assertNotIn("as fast", self.page.find("main").text)
        self.assertIn("All of these are host times", self.page.find("#speed .notice").text)
        self.page.open("several.html")
        self.assertIn("Some of these are host times", self.page.find("#speed .notice").text)

    def test_no_two_ticks_of_the_roofline_read_alike(self):
        self.page.open("host.html")
        self.page.scroll_to("#speed figure")
        for axis in ("x", "y"):
            labels = self.page.js("""return Chart.getChart(document.querySelector('#speed figure canvas'))
                .scales[arguments[0]].ticks.map(tick => tick.label)""", axis)
            self.assertGreater(len(labels), 2)
            self.assertEqual(len(set(labels)), len(labels), labels)
            self.assertNotIn("0", labels)
            self.assertTrue(all(float(label.replace(",", "")) > 0 for label in labels), labels)

    def test_a_marker_at_the_end_of_an_axis_is_whole(self):
        self.page.open("host.html", width=390, height=844)
        self.page.scroll_to("#speed details.op")
        left, right = self.page.js("""const chart = Chart.getChart(document.querySelector('#speed details.op canvas'));
            const points = chart.data.datasets.flatMap((_, i) => chart.getDatasetMeta(i).data);
            const last = points.reduce((a, b) => (b.x > a.x ? b : a));
            const copy = new OffscreenCanvas(chart.width, chart.height).getContext('2d', {willReadFrequently: true});
            copy.drawImage(chart.canvas, 0, 0);
            const paint = (x) => [...copy.getImageData(Math.round(x), Math.round(last.y + 3), 1, 1).data];
            return [paint(last.x - 3), paint(last.x + 3)]""")
        self.assertTrue(all(abs(a - b) < 40 for a, b in zip(left, right)), (left, right))

    def test_no_legend_is_cut_off_on_a_small_telephone(self):
        self.page.open("host.html", width=360, height=844)
        for section in ("#speed figure", "#speed details.op"):
            self.page.scroll_to(section)
            over = self.page.js("""const chart = Chart.getChart(document.querySelector(arguments[0] + ' canvas'));
                return Math.max(...chart.legend.legendHitBoxes.map(box => box.left + box.width)) - chart.width""", section)
            self.assertLessEqual(over, 0, section)

    def test_a_chart_that_is_alone_takes_the_whole_card(self):
        self.page.open("host.html")
        self.page.scroll_to("#speed details.op")
        wide = self.page.js("""const charts = document.querySelector('#speed details.op .charts');
            return charts.querySelector('figure').offsetWidth / charts.clientWidth""")
        self.assertGreater(wide, 0.9)


class Appearance(ReportCase):
    def ground(self):
        return self.page.js("return getComputedStyle(document.body).backgroundColor")

    def test_the_theme_follows_the_system_until_it_is_chosen(self):
        self.addCleanup(lambda: self.page.js("delete localStorage.packproofTheme"))
        light = self.page.open("one.html") and self.ground()
        dark = self.page.open("one.html", dark=True) and self.ground()
        self.assertNotEqual(light, dark)
        button = self.page.find("#theme")
        self.assertEqual(button.text, "Theme: system")
        button.click()
        self.assertEqual((button.text, self.ground()), ("Theme: light", light))
        button.click()
        self.assertEqual((button.text, self.ground()), ("Theme: dark", dark))
        button.click()
        self.assertEqual(button.text, "Theme: system")

    def test_no_page_is_wider_than_a_telephone(self):
        for name in PAGES:
            self.page.open(name, width=390, height=844)
            self.page.js("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            self.assertLessEqual(self.page.js("return document.documentElement.scrollWidth"), 390, name)

    def test_charts_are_drawn_in_sight_and_each_has_its_table(self):
        self.page.open("one.html")
        self.assertEqual(self.page.js("return Object.keys(Chart.instances).length"), 0)
        self.page.scroll_to("#speed")
        drawn = self.page.js("return Object.keys(Chart.instances).length")
        self.assertGreater(drawn, 0)
        self.assertLess(drawn, len(self.page.all("canvas")))
        self.page.js("document.querySelectorAll('figure details').forEach(one => { one.open = true; })")
        self.page.wait("""return [...document.querySelectorAll('figure:has(canvas)')]
            .every(figure => figure.querySelector('details tbody tr'))""")

    def test_host_times_are_marked_wherever_they_stand(self):
        self.page.open("several.html", "#" + urlencode({"speed.clock": "host"}))
        rows = self.page.texts("#times tbody tr")
        self.assertTrue(rows)
        self.assertTrue(all("says nothing about a GPU" in row for row in rows))

    def test_print_drops_what_only_a_screen_can_do(self):
        self.page.open("one.html")
        self.page.emulate(media="print")
        shown = lambda selector: self.page.js("return document.querySelector(arguments[0]).offsetHeight > 0", selector)
        self.assertFalse(shown("#cases .filters"))
        self.assertFalse(shown("#failures .more"))
        self.assertFalse(shown("header.top"))
        self.assertTrue(shown("#cases thead th button"))
        # A long card would leave most of the page before it empty.
        self.assertEqual(self.page.js("return getComputedStyle(document.querySelector('.card[open]')).breakInside"), "auto")
