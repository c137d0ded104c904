// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "recorded_chain.hpp"

#include "chaingen/generator.hpp"
#include "reference_cbor.hpp"

namespace filfil::sim {
namespace {

class Sink final : public chaingen::BlockSink {
public:
    explicit Sink(reference::Blocks& into) : m_blocks(into) {}
    Result<void> block(ByteView cid, ByteView data) override {
        FILFIL_TRY(ipld::Cid key, ipld::Cid::from_bytes(cid));
        m_blocks.emplace(std::move(key), to_bytes(data));
        return {};
    }

private:
    reference::Blocks& m_blocks;
};

}    // namespace

Result<RecordedChain> record(const chaingen::Config& config) {
    RecordedChain out;
    Sink sink(out.blocks);
    FILFIL_TRY(auto generator, chaingen::Generator::make(config, sink));
    for (;;) {
        FILFIL_TRY(auto step, generator.next());
        if (step.empty()) return out;
        out.events.push_back(std::move(step));
    }
}

chain::TipsetKey RecordedChain::at(Epoch epoch) const {
    chain::TipsetKey key = last().key;
    while (!key.empty()) {
        const auto block = blocks.find(key.front());
        if (block == blocks.end()) return {};
        const auto header = reference::read_header(block->second);
        if (!header.ok() || header->height < epoch.value) return {};
        if (header->height == epoch.value) return key;
        key = header->parents;
    }
    return {};
}

std::vector<Result<Bytes>> RecordedSource::fetch(std::span<const ipld::Cid> cids) {
    std::vector<Result<Bytes>> out;
    for (const ipld::Cid& cid : cids) {
        const auto found = m_chain->blocks.find(cid);
        if (found == m_chain->blocks.end())
            out.emplace_back(Error(ErrorCode::not_found, "no block " + cid.text()));
        else
            out.emplace_back(found->second);
    }
    return out;
}

}    // namespace filfil::sim
