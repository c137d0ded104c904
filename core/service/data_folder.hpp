// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"

#include <memory>
#include <string>

namespace filfil::service {

/// Where things lie in a daemon's folder. Names only: nothing is opened.
struct DataPaths {
    explicit DataPaths(std::string folder_);

    std::string folder;
    std::string version;        ///< VERSION
    std::string lock;           ///< LOCK
    std::string config;         ///< config.toml
    std::string token_read;     ///< token.read
    std::string token_admin;    ///< token.admin
    std::string engine;         ///< engine/, of snapshot::DurableEngine
    std::string journal;        ///< journal.db
    std::string snapshots;      ///< snapshots/
    std::string log;            ///< log/
    std::string export_car;     ///< export.car: what a node's ChainExport gives, until it is loaded
};

/// A daemon's folder, which one process at a time has open.
class DataFolder {
public:
    /// Makes what is missing, and takes the folder for this process until destroyed. @param files must outlive it
    /// @return Error::busy where another process has it; Error::unsupported for one of a newer version; Error::corrupt
    /// for a VERSION that is none; Error::invalid_argument for a folder that is in use for something else; Error::io
    static Result<std::unique_ptr<DataFolder>> open(Files& files, const std::string& path);

    [[nodiscard]] const DataPaths& paths() const noexcept { return m_paths; }

private:
    DataFolder(DataPaths paths, std::unique_ptr<AppendFile> lock);

    DataPaths m_paths;
    std::unique_ptr<AppendFile> m_lock;
};

}    // namespace filfil::service
