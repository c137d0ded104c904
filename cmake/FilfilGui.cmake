# SPDX-License-Identifier: Apache-2.0 OR MIT

# The desktop's libraries and tests. FILFIL_GUI_FOUND says whether it can be built here; one line says why it cannot.

set(FILFIL_GUI_FOUND OFF)
if(NOT FILFIL_GUI)
    message(STATUS "fil-fil: built without the desktop: FILFIL_GUI is off")
else()
    # No module whose only licence is the GPL. ShaderTools is the tool that compiles shaders; nothing links it.
    set(modules Core Gui Qml Quick QuickControls2 Network WebSockets Svg Widgets ShaderTools LinguistTools)
    find_package(Qt6 6.4 QUIET COMPONENTS ${modules})
    set(missing "")
    foreach(module IN LISTS modules)
        if(NOT Qt6${module}_FOUND)
            list(APPEND missing ${module})
        endif()
    endforeach()
    if(missing)
        string(JOIN " " missing ${missing})
        message(STATUS "fil-fil: built without the desktop: Qt 6.4 or later, or these of its modules, are missing: ${missing} (`./run desktop` installs them)")
    else()
        set(FILFIL_GUI_FOUND ON)
        if(FILFIL_TESTS)
            find_package(Qt6 6.4 QUIET COMPONENTS Test QuickTest)
        endif()
    endif()
endif()

# filfil_gui_options(<target>): what all that is written for Qt is compiled with
function(filfil_gui_options target)
    set_target_properties(${target} PROPERTIES AUTOMOC ON)
    target_compile_definitions(${target} PRIVATE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_USE_QSTRINGBUILDER QT_STRICT_ITERATORS
        QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_DISABLE_DEPRECATED_BEFORE=0x060400)
    target_link_libraries(${target} PRIVATE filfil_options)
endfunction()

# filfil_gui_library(<name> SOURCES … [DEPENDS …] [PRECOMPILE …])
#
# One static library a folder of gui/: gui_model is gui/model. Its headers are reached as "gui/model/<header>", and, as in
# core/, a dependant gets the include folders of what it links alone.
function(filfil_gui_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRECOMPILE" ${ARGN})
    string(REGEX REPLACE "^gui_" "" folder ${name})
    set(room ${CMAKE_BINARY_DIR}/floors/${name})
    file(MAKE_DIRECTORY ${room}/gui)
    file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${room}/gui/${folder} SYMBOLIC)
    add_library(${name} STATIC ${ARG_SOURCES})
    add_library(filfil::${name} ALIAS ${name})
    set_target_properties(${name} PROPERTIES OUTPUT_NAME filfil-${name} POSITION_INDEPENDENT_CODE ON)
    # The folder itself is for the code that registers types with QML: it includes headers by their bare names.
    target_include_directories(${name} PUBLIC ${room} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS})
    filfil_gui_options(${name})
    if(ARG_PRECOMPILE)
        target_precompile_headers(${name} PRIVATE ${ARG_PRECOMPILE})
    endif()
endfunction()

# filfil_gui_test(<name> SOURCES … [DEPENDS …] [PRECOMPILE …] [PLATFORM <name>] [TIMEOUT <seconds>]) makes a QtTest program, which is
# one test of CTest with the label "gui". Its main file names its classes. PLATFORM is Qt's, by default "offscreen".
function(filfil_gui_test name)
    cmake_parse_arguments(ARG "" "PLATFORM;TIMEOUT" "SOURCES;DEPENDS;PRECOMPILE" ${ARGN})
    if(NOT ARG_PLATFORM)
        set(ARG_PLATFORM offscreen)
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 300)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} Qt6::Test)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_definitions(${name} PRIVATE FILFIL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    filfil_gui_options(${name})
    target_precompile_headers(${name} PRIVATE <QtTest/QtTest> ${ARG_PRECOMPILE})
    add_test(NAME gui.${name} COMMAND ${name})
    set_tests_properties(gui.${name} PROPERTIES LABELS gui TIMEOUT ${ARG_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=${ARG_PLATFORM};LC_ALL=C.UTF-8")
endfunction()
