# SPDX-License-Identifier: Apache-2.0 OR MIT

# fil-fil-desktop with neither a display nor a platform that could be used.
set(ENV{DISPLAY} "")
set(ENV{WAYLAND_DISPLAY} "")
set(ENV{QT_QPA_PLATFORM} "none-such")
file(MAKE_DIRECTORY ${SCRATCH})

execute_process(COMMAND ${DESKTOP} --version RESULT_VARIABLE failed OUTPUT_VARIABLE said)
if(failed OR NOT said MATCHES "^fil-fil-desktop [0-9]+\\.[0-9]+")
    message(FATAL_ERROR "--version: ${failed}: ${said}")
endif()
execute_process(COMMAND ${DESKTOP} --help RESULT_VARIABLE failed OUTPUT_VARIABLE said)
if(failed OR NOT said MATCHES "--reset-settings")
    message(FATAL_ERROR "--help: ${failed}: ${said}")
endif()

# What --batch hands over to stands beside it where all is built; else it has to say what is missing.
string(REPEAT "0123456789abcde" 20000 bytes)
file(WRITE ${SCRATCH}/one.bin "${bytes}")
execute_process(COMMAND ${DESKTOP} --batch ${SCRATCH} --out - RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE wrong)
get_filename_component(folder ${DESKTOP} DIRECTORY)
if(EXISTS ${folder}/fil-fil)
    if(failed OR NOT said MATCHES "baga6ea4seaq")
        message(FATAL_ERROR "--batch: ${failed}: ${said} ${wrong}")
    endif()
elseif(NOT failed EQUAL 2 AND NOT failed EQUAL 0)
    message(FATAL_ERROR "--batch without fil-fil: ${failed}: ${wrong}")
endif()
