// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/units.hpp"
#include "check/payload.hpp"
#include "commp/hash_source.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace filfil::check {
namespace {

struct ZeroTree {
    std::uint64_t padded_size;
    std::string_view root;
};

const std::vector<ZeroTree> zero_trees{
#define FILFIL_ZERO_TREE(padded_size, root) {padded_size, root},
#include "vectors.inc"
#undef FILFIL_ZERO_TREE
};

/// A file of any length that is all zeros and lies nowhere. Buffers are filled anew: they may hold anything.
class ZeroFile final : public ReadableFile {
public:
    explicit ZeroFile(std::uint64_t size) : m_size(size) {}
    [[nodiscard]] const std::string& name() const noexcept override { return m_name; }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return m_size; }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override {
        FILFIL_TRY(const std::size_t n, read_at(m_position, out));
        m_position += n;
        return n;
    }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), m_size - std::min(m_size, offset)));
        if (n != 0) std::memset(out.data(), 0, n);
        return n;
    }

private:
    std::string m_name = "zeros";
    std::uint64_t m_size;
    std::uint64_t m_position = 0;
};

}    // namespace

Outcome zeros(const Context& context) {
    const std::uint64_t padded = context.pick(MiB, GiB, 64 * GiB);
    const auto tree = std::ranges::find(zero_trees, padded, &ZeroTree::padded_size);
    if (tree == zero_trees.end())
        return Error(ErrorCode::internal, "no vector for " + format_size(padded) + " of zeros");
    FILFIL_TRY(const auto backend, open_backend(context));
    ZeroFile file(padded / commp::quad_padded * commp::quad_payload);
    ThreadPool readers(std::max(1U, context.threads - 1));
    commp::HashOptions options;
    options.readers = context.threads;
    FILFIL_TRY(const commp::HashOutcome outcome, commp::hash_source(file, *backend, readers, options));
    FILFIL_CHECK(still_on_card(*backend));
    if (to_hex(outcome.piece.root) != tree->root || outcome.piece.padded_size != padded)
        return wrong("a piece of " + format_size(padded) + " of zeros: " + to_hex(outcome.piece.root) + " and not " +
                     std::string(tree->root));
    return "a piece of " + format_size(padded) + " of zeros";
}

}    // namespace filfil::check
