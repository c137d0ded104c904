# SPDX-License-Identifier: Apache-2.0 OR MIT

# The floors of the house: which room may see which. The only table of them; docs/architecture.md explains it.
#
# A room sees the rooms of lower floors, never a sibling and never a higher one. FILFIL_SEES_<room> names all that a room
# sees where that is less than everything below it.
set(FILFIL_FLOORS
    "base"
    "ipld net"
    "commp car chain rpc"
    "batch chaingen snapshot journal gpu"
    "node incentive retrieval"
    "market showcase"
    "service"
    "cli gui")
set(FILFIL_SEES_gpu base commp)
set(FILFIL_SEES_gui base ipld commp car)

# Rooms that no other room sees: the programs' main files register what is in them. Those files stand outside the floors.
set(FILFIL_UNSEEN gpu)
set(FILFIL_MAINS core/cli/main.cpp gui/main.cpp)

# filfil_rooms(<variable>): every room of the house, lowest first
function(filfil_rooms variable)
    string(JOIN " " rooms ${FILFIL_FLOORS})
    string(REPLACE " " ";" rooms "${rooms}")
    set(${variable} ${rooms} PARENT_SCOPE)
endfunction()

# filfil_visible_rooms(<room> <variable>): the rooms that <room> may include and link, without itself
function(filfil_visible_rooms room variable)
    set(below "")
    foreach(floor IN LISTS FILFIL_FLOORS)
        string(REPLACE " " ";" rooms "${floor}")
        if(room IN_LIST rooms)
            if(DEFINED FILFIL_SEES_${room})
                set(below ${FILFIL_SEES_${room}})
            endif()
            list(REMOVE_ITEM below ${FILFIL_UNSEEN})
            set(${variable} ${below} PARENT_SCOPE)
            return()
        endif()
        list(APPEND below ${rooms})
    endforeach()
    message(FATAL_ERROR "'${room}' stands on no floor: put it in the table of cmake/FilfilFloors.cmake")
endfunction()

# filfil_names(<list> <variable>): "no other room" or "only base, ipld"
function(filfil_names list variable)
    string(JOIN ", " names ${${list}})
    if(names STREQUAL "")
        set(${variable} "no other room" PARENT_SCOPE)
    else()
        set(${variable} "only ${names}" PARENT_SCOPE)
    endif()
endfunction()

# filfil_check_links(<target> <room>): an error at configure time for each room that <target> links and <room> may not see
function(filfil_check_links target room)
    filfil_rooms(rooms)
    filfil_visible_rooms(${room} visible)
    filfil_names(visible may)
    get_target_property(own ${target} LINK_LIBRARIES)
    get_target_property(passed_on ${target} INTERFACE_LINK_LIBRARIES)
    set(links ${own} ${passed_on})
    list(REMOVE_DUPLICATES links)
    foreach(link IN LISTS links)
        string(REGEX REPLACE "^filfil::" "" link "${link}")
        if(link IN_LIST rooms AND NOT link STREQUAL room AND NOT link IN_LIST visible)
            message(SEND_ERROR "floors: ${room} links '${link}' and may link ${may}")
        endif()
    endforeach()
endfunction()

# filfil_check_includes(<root> <variable>): the wrong includes in the rooms under <root>, one sentence each
function(filfil_check_includes root variable)
    filfil_rooms(rooms)
    set(wrong "")
    foreach(room IN LISTS rooms)
        set(folder core/${room})
        if(room STREQUAL "gpu" OR room STREQUAL "gui")
            set(folder ${room})
        endif()
        filfil_visible_rooms(${room} visible)
        filfil_names(visible may)
        set(patterns "")
        foreach(ending IN ITEMS cpp hpp cu cuh h inc)
            list(APPEND patterns ${root}/${folder}/*.${ending})
        endforeach()
        file(GLOB_RECURSE files RELATIVE ${root} ${patterns})
        list(REMOVE_ITEM files ${FILFIL_MAINS})
        foreach(file IN LISTS files)
            file(STRINGS ${root}/${file} includes REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
            foreach(line IN LISTS includes)
                string(REGEX REPLACE "^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"]*)[>\"].*" "\\1;\\2" parts "${line}")
                list(GET parts 0 quote)
                list(GET parts 1 path)
                string(REGEX REPLACE "/.*" "" first "${path}")
                if(path MATCHES "(^|/)\\.\\.?/")
                    list(APPEND wrong "${file}: includes '${path}' by a relative path: name it \"room/header.hpp\"")
                elseif(first IN_LIST rooms)
                    if(NOT first STREQUAL room AND NOT first IN_LIST visible)
                        list(APPEND wrong "${file}: ${room} includes '${path}' and may include ${may}")
                    endif()
                elseif(quote STREQUAL "\"")
                    list(APPEND wrong "${file}: includes '${path}' without its room: name it \"room/header.hpp\"")
                endif()
            endforeach()
        endforeach()
    endforeach()
    list(SORT wrong)
    set(${variable} "${wrong}" PARENT_SCOPE)
endfunction()

# filfil_check_all_links(): filfil_check_links for every library of every room. To be called when all are declared.
function(filfil_check_all_links)
    filfil_rooms(rooms)
    get_property(folders DIRECTORY ${PROJECT_SOURCE_DIR} PROPERTY SUBDIRECTORIES)
    set(queue ${folders})
    while(queue)
        list(POP_FRONT queue folder)
        get_property(below DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
        list(APPEND queue ${below})
        cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE place)
        if(NOT place MATCHES "^(core/[^/]+|gpu|gui)(/|$)")
            continue()
        endif()
        string(REGEX REPLACE "^core/" "" room "${place}")
        string(REGEX REPLACE "/.*" "" room "${room}")
        if(NOT room IN_LIST rooms)
            message(FATAL_ERROR "${place} stands on no floor: put it in the table of cmake/FilfilFloors.cmake")
        endif()
        get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
        foreach(target IN LISTS targets)
            get_target_property(type ${target} TYPE)
            if(NOT type MATCHES "EXECUTABLE|UTILITY")
                filfil_check_links(${target} ${room})
            endif()
        endforeach()
    endwhile()
endfunction()
