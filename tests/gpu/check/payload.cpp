// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "check/payload.hpp"

#include "base/random.hpp"
#include "commp/hash_source.hpp"

namespace filfil::check {

Bytes random_bytes(std::size_t size, std::uint64_t seed) {
    Bytes out(size);
    SeededRandom(seed).fill(out);
    return out;
}

Result<commp::Piece> hash(const Context& context, commp::Backend& backend, ByteView payload) {
    const auto file = memory_file("payload of " + std::to_string(payload.size()) + " bytes", payload);
    ThreadPool readers(std::max(1U, context.threads - 1));
    commp::HashOptions options;
    options.readers = context.threads;
    options.allow_small = true;
    FILFIL_TRY(const commp::HashOutcome outcome, commp::hash_source(*file, backend, readers, options));
    return outcome.piece;
}

Result<void> still_on_card(const commp::Backend& backend) {
    // What a card could not do the CPU has done, and the name says so: right, and yet no proof of the card.
    if (backend.name().find("cpu") == std::string::npos) return {};
    return Error(ErrorCode::device, "the card failed, and the CPU went on: " + backend.name());
}

Result<void> same_as_on_cpu(const Context& context, commp::Backend& card, ByteView payload, const std::string& what) {
    FILFIL_TRY(const commp::Piece expected, hash(context, context.cpu, payload));
    FILFIL_TRY(const commp::Piece piece, hash(context, card, payload));
    FILFIL_CHECK(still_on_card(card));
    if (piece == expected) return {};
    return wrong(what + ", " + std::to_string(payload.size()) + " bytes: the card gives " + to_hex(piece.root) +
                 ", the CPU " + to_hex(expected.root));
}

}    // namespace filfil::check
