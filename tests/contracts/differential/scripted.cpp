// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "scripted.hpp"

#include "incentive/abi_bind.hpp"
#include "incentive/keccak.hpp"
#include "incentive/model/addresses.hpp"
#include "incentive/model/machine.hpp"

namespace filfil::incentive::differential {
namespace {

// Precompiles by the last byte of their address.
constexpr std::uint64_t lookup_delegated = 2;
constexpr std::uint64_t call_actor = 3;
constexpr std::uint64_t call_actor_id = 5;

constexpr std::uint64_t cbor = 0x51;
constexpr std::uint64_t read_only = 1;

Bytes abi(std::string_view types, AbiValue::List values) {
    return encode_abi(AbiType::parse(types).value(), std::move(values)).value();
}

/// What the precompiles that call actors give back.
Bytes output_of(const model::Outside::Answer& answer) {
    return abi("(uint256,uint64,bytes)",
               {model::exit_code_of(answer).word, answer.data.empty() ? std::uint64_t{0} : cbor, answer.data});
}

}    // namespace

Bytes mutated(Bytes bytes, Random& random) {
    const std::size_t at = bytes.empty() ? 0 : static_cast<std::size_t>(random.below(bytes.size()));
    const auto any = static_cast<std::byte>(random.below(256));
    const auto here = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random.below(6)) {
        case 0: bytes.resize(at); break;
        case 1: bytes.insert(here, any); break;
        case 2: bytes.push_back(any); break;
        case 3:
            if (!bytes.empty()) bytes.erase(here);
            break;
        case 4:
            if (!bytes.empty()) *here ^= static_cast<std::byte>(1U << random.below(8));
            break;
        default:
            if (!bytes.empty()) *here = any;
            break;
    }
    return bytes;
}

void Scripted::note(std::uint64_t precompile, ByteView input, bool works, const U256& moves, Bytes output) {
    Bytes key{static_cast<std::byte>(precompile)};
    key.insert(key.end(), input.begin(), input.end());
    differential::Answer one{keccak_256(key), works, moves, std::move(output)};
    for (const auto& known : m_answers)
        if (known.key == one.key) return;
    m_answers.push_back(std::move(one));
}

void Scripted::spoil(Answer& answer) {
    switch (m_random.below(4)) {
        case 0: answer.works = false; break;
        case 1: answer.exit_code = static_cast<std::int64_t>(m_random.below(80)) - 10; break;
        default: answer.data = mutated(std::move(answer.data), m_random); break;
    }
}

model::Outside::Answer Scripted::ask(std::uint64_t actor, std::uint64_t method, ByteView params) {
    const Bytes input =
        abi("(uint64,uint256,uint64,uint64,bytes,uint64)",
            {method, U256(), read_only, params.empty() ? std::uint64_t{0} : cbor, to_bytes(params), actor});
    if (const auto said = m_said.find(input); said != m_said.end()) return said->second;
    Answer answer = m_neighbours.ask(actor, method, params);
    if (spoilt()) spoil(answer);
    m_said[input] = answer;
    note(call_actor_id, input, answer.works, 0, output_of(answer));
    return answer;
}

std::optional<Bytes> Scripted::delegated_address(std::uint64_t actor) {
    std::optional<Bytes> out = m_neighbours.delegated_address(actor);
    note(lookup_delegated, abi("(uint64)", {actor}), out.has_value(), 0, out.value_or(Bytes{}));
    return out;
}

bool Scripted::pay(ByteView to, const U256& amount) {
    const bool arrives = m_neighbours.pay(to, amount);
    const model::Outside::Answer answer{.exit_code = arrives ? 0 : 6, .data = {}};
    const U256 moves = arrives ? amount : U256();
    if (const auto id = model::id_of_address(to))
        note(call_actor_id,
             abi("(uint64,uint256,uint64,uint64,bytes,uint64)",
                 {std::uint64_t{0}, amount, std::uint64_t{0}, std::uint64_t{0}, Bytes{}, *id}),
             true, moves, output_of(answer));
    else
        note(call_actor,
             abi("(uint64,uint256,uint64,uint64,bytes,bytes)",
                 {std::uint64_t{0}, amount, std::uint64_t{0}, std::uint64_t{0}, Bytes{}, to_bytes(to)}),
             true, moves, output_of(answer));
    return arrives;
}

}    // namespace filfil::incentive::differential
