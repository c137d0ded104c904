// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../car/require.hpp"
#include "base/random.hpp"
#include "car/header.hpp"
#include "car/writer.hpp"
#include "memory_files.hpp"
#include "snapshot/diff.hpp"
#include "snapshot/diff_format.hpp"

#include <algorithm>

using namespace filfil;
using namespace filfil::snapshot;
using filfil::fuzz::require;

namespace {

/// A CAR of small blocks, one for each byte: few different ones, so that two CARs share many.
Bytes car_of(ByteView choices) {
    Bytes out = car::encode_header({});
    for (const std::byte choice : choices) {
        const Bytes data(static_cast<std::size_t>(choice & std::byte{0x1f}), choice);
        car::append_section(out, ipld::cid_of_block(ipld::Codec::raw, data).bytes(), data);
    }
    return out;
}

void append_block(Bytes& out, ByteView data) {
    car::append_section(out, ipld::cid_of_block(ipld::Codec::dag_cbor, data).bytes(), data);
}

/// The target of a diff, if it applies: then it has the SHA-256 that the diff says.
bool applies(MemoryFiles& files) {
    files.stored.erase("new");
    const auto applied = apply_diff(files, "base", "diff", "new", {});
    require(applied.ok() == files.stored.contains("new"), "a file appears only where all went well");
    require(!files.stored.contains("new.base"), "the unpacked base goes away");
    require(applied.ok() || !applied.error().message.empty(), "an error says something");
    return applied.ok();
}

}    // namespace

/// Two CARs make a diff that makes the second one of the first. A diff bent in its bytes, in its run list, or any bytes
/// for one, end without harm and never in a target that is wrong.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 4) return 0;
    const ByteView bytes = fuzz::input(data + 4, std::min<std::size_t>(size - 4, 4000));
    const std::size_t cut = (data[0] + 256U * data[1]) % (bytes.size() + 1);
    MemoryFiles files;
    files.stored["base"] = car_of(bytes.first(cut));
    files.stored["target"] = car_of(bytes.subspan(cut));
    SeededRandom random(1);
    const auto made = make_diff(files, "base", "target", "diff", random, {});
    require(made.ok() && made->bytes == files.stored["diff"].size(), "two CARs make a diff of the size it says");
    require(applies(files) && files.stored["new"] == files.stored["target"], "it makes the target");

    const Bytes good = files.stored["diff"];
    const std::size_t place = (data[2] + 256U * data[3]) % good.size();
    files.stored["diff"][place] ^= static_cast<std::byte>(1U << (data[2] % 8));
    require(!applies(files) || files.stored["new"] == files.stored["target"], "a changed diff makes nothing else");
    files.stored["diff"].assign(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(place));
    require(!applies(files), "a part of a diff is none");
    files.stored["diff"] = to_bytes(bytes);
    applies(files);

    // The input as run list and as manifest, with right hashes around them.
    if (const auto runs = decode_run_list(bytes); runs.ok())
        for (const Run& run : *runs) require(run.bytes > 0, "no run is empty");
    if (const auto manifest = decode_manifest(bytes); manifest.ok()) {
        const auto again = encode(*manifest);
        require(again.ok() && decode_manifest(*again).ok(), "a manifest that was read can be written");
    }
    DiffManifest manifest;
    manifest.base = {files.stored["base"].size(), cut, ipld::sha2_256(files.stored["base"])};
    manifest.target_header = car::encode_header({});
    manifest.target.bytes = manifest.target_header.size() + data[0];
    manifest.added_bytes = data[1] % 2 == 0 ? 0 : data[0];
    manifest.run_lists = {ipld::cid_of_block(ipld::Codec::dag_cbor, bytes)};
    const Bytes block = encode(manifest).value();
    const ipld::Cid root = ipld::cid_of_block(ipld::Codec::dag_cbor, block);
    Bytes diff = car::encode_header(std::span(&root, 1));
    append_block(diff, block);
    append_block(diff, bytes);
    files.stored["diff"] = diff;
    applies(files);
    Bytes other = car::encode_header(std::span(&manifest.run_lists[0], 1));
    append_block(other, bytes);
    files.stored["diff"] = other;
    applies(files);
    return 0;
}
