// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "rpc/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace filfil::incentive::tool {

/// A parameter of a function, event or error, or a member of a struct, as C++ has it.
struct Member {
    std::string solidity_name;
    std::string name;        ///< in snake_case, never empty
    std::string type;        ///< of the ABI, "(bytes32,uint64)[]"
    std::string cpp_type;    ///< "std::vector<contract::Piece>"
    bool indexed = false;
};

struct Struct {
    std::string name;
    std::vector<Member> members;
    bool operator==(const Struct& other) const;
};

struct Entry {
    enum class Kind { function, event, error };
    Kind kind;
    std::string name;        ///< as Solidity has it
    std::string cpp_name;    ///< "SetEndpoint"
    std::vector<Member> inputs;
    std::vector<Member> outputs;
    bool changes_state = false;
    bool takes_money = false;

    [[nodiscard]] std::string signature() const;
};

/// All that the build takes from a compiled contract.
struct Model {
    std::string contract;
    std::string compiler;
    std::string creation_code;    ///< hexadecimal digits; "" where the artefact has none
    std::string runtime_code;
    std::vector<Member> constructor;
    std::vector<Struct> structs;    ///< each behind those that it holds
    std::vector<Entry> entries;     ///< sorted by kind and name
};

/// Reads an artefact: {contract, compiler, settings, abi, bytecode, runtime}.
/// @return Error::corrupt with what of it is wrong; unsupported for what has no C++ form here (overloads, anonymous
/// events)
Result<Model> read_model(const rpc::Json& artefact);

/// "(uint64,bytes)"
std::string types_of(const std::vector<Member>& members);

/// The texts of the two files.
std::string write_header(const Model& model);
std::string write_source(const Model& model);

}    // namespace filfil::incentive::tool
