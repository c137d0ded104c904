// SPDX-License-Identifier: Apache-2.0 OR MIT

// Makes contract_abi.hpp and contract_abi.cpp of a compiled contract. A part of the build, which needs no compiler of
// Solidity: the artefact is in the repository.

#include "incentive/tool/contract_model.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>

namespace {

using namespace filfil;

Result<std::string> read_file(const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::string out{std::istreambuf_iterator<char>(file), {}};
    if (!file) return Error(ErrorCode::io, std::string(path) + " cannot be read");
    return out;
}

Result<void> write_file(const char* path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) return Error(ErrorCode::io, std::string(path) + " cannot be written");
    return {};
}

Result<void> make(const char* artefact, const char* header, const char* source) {
    FILFIL_TRY(const std::string text, read_file(artefact));
    const auto json = rpc::parse_json(text);
    if (!json.ok()) return json.error().in(artefact);
    const auto model = incentive::tool::read_model(*json);
    if (!model.ok()) return model.error().in(artefact);
    FILFIL_CHECK(write_file(header, incentive::tool::write_header(*model)));
    return write_file(source, incentive::tool::write_source(*model));
}

}    // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fputs("usage: make_contract_abi ARTEFACT.json OUT.hpp OUT.cpp\n", stderr);
        return 1;
    }
    const auto made = make(arguments[1], arguments[2], arguments[3]);
    if (made.ok()) return 0;
    std::fprintf(stderr, "%s\n", made.error().text().c_str());
    return 1;
}
