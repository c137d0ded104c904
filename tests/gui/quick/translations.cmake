# SPDX-License-Identifier: Apache-2.0 OR MIT

# Looks through gui/ as `update_translations` does, in copies, and fails where a word has no translation, or one that is not used any
# more is still kept.
file(MAKE_DIRECTORY ${SCRATCH})
foreach(language IN ITEMS en zh_CN)
    set(own ${ROOT}/resources/i18n/fil-fil_${language}.ts)
    set(copy ${SCRATCH}/fil-fil_${language}.ts)
    configure_file(${own} ${copy} COPYONLY)
    set(only "")
    if(language STREQUAL "en")
        set(only -pluralonly)
    endif()
    execute_process(COMMAND ${LUPDATE} ${ROOT}/gui -I ${ROOT} -extensions qml,cpp,hpp -locations none -no-obsolete ${only} -ts ${copy}
        RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(failed)
        message(FATAL_ERROR "${LUPDATE} could not be run: ${said}")
    endif()
    file(READ ${copy} text)
    string(REGEX MATCHALL "<source>[^<]*</source>[^<]*(<comment>[^<]*</comment>[^<]*)?(<translatorcomment>[^<]*</translatorcomment>[^<]*)?<translation type=\"unfinished\"" open "${text}")
    list(LENGTH open count)
    if(count GREATER 0)
        string(REGEX REPLACE "<[^>]*>[ \n]*" " " open "${open}")
        message(FATAL_ERROR "${language}: ${count} words have no translation:${open}")
    endif()
endforeach()
