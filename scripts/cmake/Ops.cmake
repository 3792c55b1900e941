# The explicit list of ops, harness/ops/ops.def, read by C++ (as an X macro) and here.

cmake_minimum_required(VERSION 3.25)  # for cmake -P

# Folders beside the op folders that are not ops.
set(PACKPROOF_NOT_OPS packing plans simt device host)

# packproof_read_ops(OUT ROOT): the names in ROOT/harness/ops/ops.def, or a fatal error when the
# list and the folders below ROOT do not agree.
function(packproof_read_ops out root)
  set(list harness/ops/ops.def)
  set(ops)
  set(faults)
  file(STRINGS "${root}/${list}" lines)
  foreach(line IN LISTS lines)
    if(line MATCHES "^PACKPROOF_OP\\(([a-z][a-z0-9_]*)\\)$")
      set(op ${CMAKE_MATCH_1})
      if(op IN_LIST ops)
        list(APPEND faults "${op} is in ${list} twice: remove one line")
      endif()
      list(APPEND ops ${op})
      foreach(part IN ITEMS cases/${op} reference/${op} kernels/${op} harness/ops/*/${op}.cpp)
        file(GLOB found "${root}/${part}")
        if(NOT found)
          list(APPEND faults "${op} is in ${list}, but ${part} does not exist: add it")
        endif()
      endforeach()
    elseif(NOT line MATCHES "^(//.*)?$")
      list(APPEND faults "${list} has the line '${line}': write PACKPROOF_OP(name) or a // comment")
    endif()
  endforeach()

  foreach(folder IN ITEMS cases reference kernels)
    # A new folder is seen by the next build: its sources change a glob that CMake watches.
    file(GLOB entries LIST_DIRECTORIES true RELATIVE "${root}/${folder}" "${root}/${folder}/*")
    foreach(entry IN LISTS entries)
      if(IS_DIRECTORY "${root}/${folder}/${entry}"
          AND NOT entry IN_LIST ops AND NOT entry IN_LIST PACKPROOF_NOT_OPS)
        list(APPEND faults "${folder}/${entry} exists, but ${list} lacks PACKPROOF_OP(${entry})")
      endif()
    endforeach()
  endforeach()

  if(faults)
    list(REMOVE_DUPLICATES faults)
    list(JOIN faults "\n  " faults)
    message(FATAL_ERROR "The op list and the op folders do not agree:\n  ${faults}")
  endif()
  set(${out} ${ops} PARENT_SCOPE)
endfunction()

# For scripts/tests/ops_list_test: cmake -DROOT=folder -P Ops.cmake
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  packproof_read_ops(ops "${ROOT}")
endif()
