"""One headless Chromium, and what the tests ask of it."""
import base64
import importlib.util
import io
import json
import os
import shutil
import time
from pathlib import Path

from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.by import By

HERE = Path(__file__).resolve().parent


def start(downloads: Path) -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars",
                 "--disable-gpu", "--force-color-profile=srgb", "--font-render-hinting=none", "--lang=en-US"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    # The browser is a child of the driver.
    environment = {**os.environ, "FONTCONFIG_FILE": str(HERE / "fonts.conf"), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    service = webdriver.ChromeService(shutil.which("chromedriver") or "chromedriver", env=environment)
    driver = webdriver.Chrome(options=options, service=service)
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
    return driver


class Page:
    """A page of the samples, opened from its file."""

    def __init__(self, driver: webdriver.Chrome, folder: Path):
        self.driver, self.folder = driver, folder

    def open(self, name: str, link: str = "", *, width: int = 1280, height: int = 900, dark: bool = False):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.emulate(dark=dark)
        self.driver.get("about:blank")  # a change of the hash alone would not load the page again
        self.driver.get((self.folder / name).as_uri() + link)
        return self

    def emulate(self, *, dark: bool = False, media: str = ""):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": media, "features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def js(self, script: str, *arguments):
        return self.driver.execute_script(script, *arguments)

    def find(self, selector: str):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list:
        return self.js("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector)

    def hash(self) -> str:
        return self.js("return decodeURIComponent(location.hash.replaceAll('+', ' '))")

    def errors(self) -> list:
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] != "INFO"]

    def scroll_to(self, selector: str):
        """Brings the element to the top, and waits until the charts that are in sight are drawn."""
        self.js("document.querySelector(arguments[0]).scrollIntoView({block: 'start', behavior: 'instant'})", selector)
        self.wait("""return [...document.querySelectorAll('canvas')].every(canvas => {
            const box = canvas.getBoundingClientRect();
            return box.height === 0 || box.bottom < 0 || box.top > innerHeight || Chart.getChart(canvas)})""")

    def wait(self, condition: str, *arguments):
        for _ in range(100):
            if self.js(condition, *arguments):
                return
            time.sleep(0.05)
        raise AssertionError(f"never became true: {condition}")

    def screenshot(self) -> Image.Image:
        # Two frames later all that was asked for is painted.
        self.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        data = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
        return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")

    def accessibility_faults(self, *, colours_alone: bool = False) -> list:
        """Faults that axe-core calls serious or critical, as readable lines."""
        # Rows of a table are alike: the first stand for the rest, which would take most of a minute.
        self.js("document.querySelectorAll('tbody tr:nth-child(n + 9):not(.open, .detail)').forEach(row => row.remove())")
        if not self.js("return typeof axe !== 'undefined'"):
            package = importlib.util.find_spec("axe_playwright_python")
            self.js(Path(package.origin).with_name("axe.min.js").read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            """const [options, done] = arguments;
            axe.run(document, {resultTypes: ['violations'], ...options}).then(done, e => done({error: String(e)}))""",
            {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}} if colours_alone else {})
        if "error" in found:
            raise AssertionError(found["error"])
        return [f"{fault['impact']}: {fault['id']}: {node['target']} {json.dumps(node['html'][:200])} {node['failureSummary'][:300]}"
                for fault in found["violations"] if fault["impact"] in ("serious", "critical")
                for node in fault["nodes"][:3]]
