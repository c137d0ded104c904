// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace filfil::e2e {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() : m_path((fs::temp_directory_path() / "fil-fil-test-XXXXXX").string()) {
    if (::mkdtemp(m_path.data()) == nullptr) std::abort();
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

std::string TemporaryFolder::path(std::string_view name) const { return m_path + '/' + std::string(name); }

std::string TemporaryFolder::write(std::string_view name, std::string_view bytes) const {
    std::string at = path(name);
    fs::create_directories(fs::path(at).parent_path());
    std::ofstream(at, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return at;
}

std::string TemporaryFolder::read(std::string_view name) const {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> TemporaryFolder::list() const {
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(m_path))
        names.push_back(fs::relative(entry.path(), m_path).string());
    std::sort(names.begin(), names.end());
    return names;
}

}    // namespace filfil::e2e
