# SPDX-License-Identifier: Apache-2.0 OR MIT

# Debian packages: fil-fil (the program and its systemd unit; nothing of a desktop) and fil-fil-desktop. `./run packages`
# builds them; by hand: `cpack -G DEB` in the build folder, once fil-fil and fil-fil-desktop are built.

if(NOT TARGET fil-fil)
    return()
endif()

# cpack packs what is built, and builds nothing.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

set(resources ${PROJECT_SOURCE_DIR}/resources)
set(packages cli)
install(FILES ${resources}/systemd/fil-fil.service DESTINATION lib/systemd/system COMPONENT cli)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/fil-fil COMPONENT cli RENAME copyright)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE-APACHE ${PROJECT_SOURCE_DIR}/LICENSE-MIT ${PROJECT_SOURCE_DIR}/README.md
    DESTINATION share/doc/fil-fil COMPONENT cli)
install(FILES ${PROJECT_SOURCE_DIR}/docs/operator-guide.md ${PROJECT_SOURCE_DIR}/docs/contract.md ${PROJECT_SOURCE_DIR}/docs/api.md
    DESTINATION share/doc/fil-fil/docs COMPONENT cli)

if(TARGET fil-fil-desktop)
    list(APPEND packages desktop)
    install(TARGETS fil-fil-desktop RUNTIME DESTINATION bin COMPONENT desktop)
    install(FILES ${resources}/desktop/fil-fil-desktop.desktop DESTINATION share/applications COMPONENT desktop)
    install(FILES ${resources}/desktop/fil-fil-desktop.metainfo.xml DESTINATION share/metainfo COMPONENT desktop)
    install(FILES ${resources}/icons/fil-fil.svg DESTINATION share/icons/hicolor/scalable/apps COMPONENT desktop)
    foreach(size IN ITEMS 16 24 32 48 64 128 256 512)
        install(FILES ${resources}/icons/png/fil-fil-${size}.png DESTINATION share/icons/hicolor/${size}x${size}/apps
            COMPONENT desktop RENAME fil-fil.png)
    endforeach()
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/fil-fil-desktop COMPONENT desktop RENAME copyright)
endif()

# What QML imports is loaded when it is asked for: dpkg-shlibdeps does not see it. The dialogs of qtquick-dialogs want
# qt-labs-folderlistmodel, which Debian's package does not say: without it choosing a file ends the program.
set(qml_modules qtquick qtquick-controls qtquick-layouts qtquick-templates qtquick-window qtquick-dialogs qt-labs-folderlistmodel
                qtquick-shapes qtqml qtqml-models qtqml-workerscript)
list(TRANSFORM qml_modules PREPEND qml6-module-)
string(JOIN ", " qml_modules ${qml_modules})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fil-fil)
set(CPACK_PACKAGE_VENDOR fil-fil)
set(CPACK_PACKAGE_CONTACT "The fil-fil developers <developers@fil-fil.example>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL ${packages})
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_CLI_PACKAGE_NAME fil-fil)
set(CPACK_DEBIAN_CLI_PACKAGE_SECTION net)
set(CPACK_COMPONENT_CLI_DESCRIPTION "Filecoin snapshots from memory, and their piece commitments
The program and its daemon: follows a Filecoin node, keeps a snapshot's blocks in memory, hashes them into piece
commitments, stores them with a storage provider's market, and is paid for that by a contract.")
set(CPACK_DEBIAN_DESKTOP_PACKAGE_NAME fil-fil-desktop)
set(CPACK_DEBIAN_DESKTOP_PACKAGE_SECTION net)
set(CPACK_DEBIAN_DESKTOP_PACKAGE_DEPENDS "fil-fil (= ${PROJECT_VERSION}), libqt6svg6, ${qml_modules}")
set(CPACK_DEBIAN_DESKTOP_PACKAGE_RECOMMENDS "libgl1-mesa-dri, qt6-wayland, fonts-dejavu-core")
set(CPACK_COMPONENT_DESKTOP_DESCRIPTION "The window on a fil-fil daemon
Shows which snapshots are wanted and when, takes and stores them, and what they earn; checks files against piece CIDs.")
include(CPack)
