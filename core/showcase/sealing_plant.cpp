// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "showcase/sealing_plant.hpp"

#include "base/units.hpp"
#include "commp/stream.hpp"

#include <utility>

namespace filfil::showcase {
namespace {

constexpr std::uint64_t most_manifest_bytes = 256 * KiB;
constexpr std::uint64_t most_piece_bytes = 2 * GiB;

bool is_manifest(const std::string& name) { return name.starts_with("deal-") && name.ends_with(".json"); }

}    // namespace

void SealingPlant::act(std::uint64_t epoch) {
    m_epoch = epoch;
    look();
    for (auto& [name, work] : m_work) {
        if (work.state == Work::State::waiting) fetch(name, work);
        if (work.state == Work::State::sealing && epoch >= work.ready_at)
            m_play.prove(work.manifest.miner, work.manifest.deal);
    }
}

/// New manifests come in; a deal whose manifest is gone was cancelled.
void SealingPlant::look() {
    const auto names = m_world.files.list(m_folder);
    if (!names.ok()) return;
    std::erase_if(m_work, [&](const auto& one) { return !std::ranges::binary_search(*names, one.first); });
    for (const std::string& name : *names) {
        if (!is_manifest(name) || m_work.contains(name)) continue;
        const auto file = m_world.files.open(join_path(m_folder, name));
        const auto bytes = file.ok() ? read_all(**file, most_manifest_bytes) : file.error();
        auto manifest = bytes.ok() ? read_manifest(chars_of(*bytes)) : bytes.error();
        Work& work = m_work[name];
        if (!manifest.ok())
            refuse(name, manifest.error().message);
        else if (manifest->contract != m_play.contract().lower_text() || manifest->miner != own_miner)
            refuse(name, "it is of another contract or miner");
        else
            work.manifest = *std::move(manifest);
    }
}

void SealingPlant::fetch(const std::string& name, Work& work) {
    const Manifest& manifest = work.manifest;
    if (manifest.payload_size > most_piece_bytes) return refuse(name, "the piece is too large for a devnet");
    if (!manifest.path.empty()) {
        const auto file = m_world.files.open(manifest.path);
        take(name, file.ok() ? read_all(**file, manifest.payload_size) : file.error());
        return;
    }
    work.state = Work::State::fetching;
    HttpRequest request{.target = manifest.url->target};
    ClientOptions options;
    options.body_limit = manifest.payload_size;
    auto here = m_here([this, name](const std::shared_ptr<Result<Bytes>>& bytes) { take(name, *bytes); });
    m_world.transport.request(
        *manifest.url, std::move(request), options,
        [&loop = m_world.loop, here = std::move(here)](const Result<HttpResponse>& answer) mutable {
            auto out = std::make_shared<Result<Bytes>>(Error(ErrorCode::io, "no answer"));
            if (!answer.ok())
                *out = answer.error();
            else if (answer->status != 200)
                *out = Error(ErrorCode::io, "its server answers " + std::to_string(answer->status));
            else
                *out = to_bytes(bytes_of(answer->body));
            loop.post([here = std::move(here), out]() mutable { here(out); });
        });
}

void SealingPlant::take(const std::string& name, const Result<Bytes>& bytes) {
    const auto found = m_work.find(name);
    if (found == m_work.end()) return;
    Work& work = found->second;
    if (!bytes.ok()) {
        // With the next block once more.
        work.state = Work::State::waiting;
        m_world.log.write(LogLevel::info, "showcase", name + " waits for its piece: " + bytes.error().message);
        return;
    }
    if (const auto right = check(work.manifest, *bytes); !right.ok()) return refuse(name, right.error().message);
    work.state = Work::State::sealing;
    work.ready_at = m_epoch + sealing_takes;
}

Result<void> SealingPlant::check(const Manifest& manifest, ByteView bytes) {
    commp::PieceStream stream(m_backend);
    FILFIL_CHECK(stream.write(bytes));
    FILFIL_TRY(const commp::Piece piece, stream.finish());
    if (piece.payload_size != manifest.payload_size || piece.padded_size != manifest.padded_size ||
        piece.root != manifest.root)
        return Error(ErrorCode::mismatch, "its piece is not what it promises");
    return {};
}

void SealingPlant::refuse(const std::string& name, const std::string& why) {
    m_work[name].state = Work::State::refused;
    m_world.log.write(LogLevel::warning, "showcase", name + " is not sealed: " + why);
}

}    // namespace filfil::showcase
