# SPDX-License-Identifier: Apache-2.0 OR MIT

# The libraries as a CMake package: find_package(fil-fil), then link filfil::commp (or another room's library).

include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/fil-fil)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/fil-fil-config.cmake.in
    ${PROJECT_BINARY_DIR}/fil-fil-config.cmake INSTALL_DESTINATION ${package_folder})
# Before version 1.0 a program is built against the minor version it asks for.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/fil-fil-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/fil-fil-config.cmake ${PROJECT_BINARY_DIR}/fil-fil-config-version.cmake
    DESTINATION ${package_folder} COMPONENT library)
install(EXPORT fil-fil NAMESPACE filfil:: FILE fil-fil-targets.cmake DESTINATION ${package_folder} COMPONENT library)
