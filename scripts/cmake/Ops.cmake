# The explicit list of ops, harness/ops/ops.def, read by C++ (as an X macro) and here.

cmake_minimum_required(VERSION 3.25)  # for cmake -P

# Folders beside the families.
set(PACKPROOF_NO_FAMILIES_cases core lengths language files random forms testing plans)
set(PACKPROOF_NO_FAMILIES_reference core testing)
set(PACKPROOF_NO_FAMILIES_kernels simt device launch)

# packproof_unlisted_ops(OUT LAYER ROOT OPS): the op folders below ROOT/LAYER that are not in OPS, a
# list of family/op. A new folder is seen by the next build: its sources change a glob that CMake
# watches.
function(packproof_unlisted_ops out layer root ops)
  set(unlisted)
  file(GLOB entries LIST_DIRECTORIES true RELATIVE "${root}/${layer}" "${root}/${layer}/*/*")
  foreach(entry IN LISTS entries)
    string(REGEX REPLACE "/.*" "" family "${entry}")
    if(IS_DIRECTORY "${root}/${layer}/${entry}"
        AND NOT entry IN_LIST ops AND NOT family IN_LIST PACKPROOF_NO_FAMILIES_${layer})
      list(APPEND unlisted "${entry}")
    endif()
  endforeach()
  set(${out} ${unlisted} PARENT_SCOPE)
endfunction()

# packproof_read_ops(OUT ROOT): the names in ROOT/harness/ops/ops.def, or a fatal error when the
# list and the folders below ROOT do not agree.
function(packproof_read_ops out root)
  set(list harness/ops/ops.def)
  set(names)
  set(ops)
  set(faults)
  file(STRINGS "${root}/${list}" lines)
  foreach(line IN LISTS lines)
    if(line MATCHES "^PACKPROOF_OP\\(([a-z][a-z0-9_]*), ([a-z][a-z0-9_]*)\\)$")
      set(name ${CMAKE_MATCH_2})
      set(op ${CMAKE_MATCH_1}/${name})
      if(name IN_LIST names)
        list(APPEND faults "${name} is in ${list} twice: remove one line")
      endif()
      list(APPEND names ${name})
      list(APPEND ops ${op})
      foreach(part IN ITEMS cases/${op} reference/${op} kernels/${op} harness/ops/${op}.cpp)
        if(NOT EXISTS "${root}/${part}")
          list(APPEND faults "${name} is in ${list}, but ${part} does not exist: add it")
        endif()
      endforeach()
    elseif(NOT line MATCHES "^(//.*)?$")
      list(APPEND faults
        "${list} has the line '${line}': write PACKPROOF_OP(family, name) or a // comment")
    endif()
  endforeach()

  foreach(layer IN ITEMS cases reference kernels)
    packproof_unlisted_ops(unlisted ${layer} "${root}" "${ops}")
    foreach(entry IN LISTS unlisted)
      string(REPLACE "/" ", " line "${entry}")
      list(APPEND faults "${layer}/${entry} exists, but ${list} lacks PACKPROOF_OP(${line})")
    endforeach()
  endforeach()

  if(faults)
    list(REMOVE_DUPLICATES faults)
    list(JOIN faults "\n  " faults)
    message(FATAL_ERROR "The op list and the op folders do not agree:\n  ${faults}")
  endif()
  set(${out} ${names} PARENT_SCOPE)
endfunction()

# For scripts/tests/ops_list_test: cmake -DROOT=folder -P Ops.cmake
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  packproof_read_ops(ops "${ROOT}")
endif()
