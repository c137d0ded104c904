// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace filfil::e2e {

/// A folder of its own for one test, removed with all it holds.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return m_path; }

    /// The path of `name` inside it.
    [[nodiscard]] std::string path(std::string_view name) const;

    /// Writes a file, making the folders it lies in. @return its path
    std::string write(std::string_view name, std::string_view bytes) const;

    /// What a file holds; "" where it is missing.
    [[nodiscard]] std::string read(std::string_view name) const;

    /// Names of all entries, folders' contents included, sorted.
    [[nodiscard]] std::vector<std::string> list() const;

private:
    std::string m_path;
};

}    // namespace filfil::e2e
