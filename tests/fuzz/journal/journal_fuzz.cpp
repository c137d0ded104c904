// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../car/require.hpp"
#include "sim_vfs.hpp"

#include <utility>

using namespace filfil;
using namespace filfil::journal;
using filfil::fuzz::require;

namespace {

const std::string path = "journal.db";
const std::string log_path = "journal.db-wal";

class NoClock final : public Clock {
public:
    [[nodiscard]] Duration steady() const override { return {}; }
    [[nodiscard]] Duration wall() const override { return {}; }
};

ipld::Cid make_cid(unsigned seed) {
    return ipld::cid_of_block(ipld::Codec::dag_cbor, bytes_of("block " + std::to_string(seed)));
}

SnapshotRecord make_snapshot(unsigned seed) {
    SnapshotRecord out{.network = "devnet",
                       .epoch = Epoch{7},
                       .head = {make_cid(seed)},
                       .recipe = "v1",
                       .roots = {make_cid(seed)},
                       .path = "/a.car",
                       .device = "cpu",
                       .pieces = {}};
    for (unsigned i = 0; i < 4; ++i)
        out.pieces.push_back({.number = i, .piece_cid = make_cid(i), .piece_cid_v2 = "b", .path = "/p.car"});
    return out;
}

ReceiptRecord make_receipt(unsigned seed) {
    ReceiptRecord out{.task = "commp", .description = Bytes(40), .result = Bytes(40), .device = "cpu"};
    out.key[0] = static_cast<std::byte>(seed);
    return out;
}

/// An answer may be anything but a defect of this program.
template <class T>
void look_at(const Result<T>& result) {
    if (result.ok()) return;
    require(result.error().code != ErrorCode::internal, result.error().message.c_str());
    require(!result.error().message.empty(), "an error says what");
}

/// A journal as a killed process leaves it: some of it in the file, the rest in the log beside it.
std::pair<Bytes, Bytes> make_files() {
    CrashFiles files;
    const NoClock clock;
    const SimVfs vfs(files, clock, 1);
    for (unsigned i = 0; i < 2; ++i) {
        const auto journal = open_sqlite_journal(path, clock, vfs.options());
        require(journal.ok(), "a journal can be made");
        for (unsigned j = 0; j < 3; ++j) {
            const unsigned seed = 3 * i + j;
            require((*journal)->put_snapshot(make_snapshot(seed)).ok(), "a snapshot can be put");
            require((*journal)->put_receipt(make_receipt(seed)).ok(), "a receipt can be put");
            require((*journal)->intend("effect-" + std::to_string(seed), "stage", "{}").ok(), "intend");
            require((*journal)->set_setting("setting-" + std::to_string(seed), "x").ok(), "set_setting");
        }
        if (i == 1) files.kill();
    }
    return {files.contents(path), files.contents(log_path)};
}

/// Everything that a journal can be asked, and told.
void use(Journal& journal) {
    look_at(journal.snapshots({}));
    look_at(journal.snapshots({.epoch = Epoch{7}, .before_id = 5}));
    look_at(journal.snapshot(1));
    look_at(journal.snapshots_with_piece(make_cid(1)));
    look_at(journal.open_effects());
    for (unsigned i = 0; i < 7; ++i) {
        look_at(journal.find_snapshot({make_cid(i)}, {}));
        look_at(journal.receipt(make_receipt(i).key));
        look_at(journal.effect("effect-" + std::to_string(i)));
        look_at(journal.setting("setting-" + std::to_string(i)));
    }
    for (unsigned i = 1; i < 8; i += 3) {
        look_at(journal.put_snapshot(make_snapshot(i)));
        look_at(journal.put_receipt(make_receipt(i)));
        look_at(journal.intend("effect-" + std::to_string(i), "stage", "{}"));
        look_at(journal.finish("effect-" + std::to_string(i), EffectRecord::State::failed, "{}"));
        look_at(journal.set_setting("setting-" + std::to_string(i), std::string(5000, 'y')));
        look_at(journal.set_snapshot_hold(i, i));
        look_at(journal.forget_snapshot_files(i));
    }
    look_at(journal.backup("copy.db"));
}

}    // namespace

/// Any bytes as a journal, any bytes as the log beside one, or a journal and its log with some bytes changed: opening
/// and using it gives answers or errors.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::pair<Bytes, Bytes> whole = make_files();
    if (size < 1) return 0;
    auto [file, log] = whole;
    const ByteView rest = fuzz::input(data, size).subspan(1);
    switch (data[0] % 3) {
        case 0:
            file = to_bytes(rest);
            log.clear();
            break;
        case 1: log = to_bytes(rest); break;
        default:
            // Three bytes of the place, one to change it with.
            for (ByteView edits = rest; edits.size() >= 4; edits = edits.subspan(4)) {
                std::size_t place = 0;
                for (std::size_t i = 0; i < 3; ++i) place = place << 8 | std::to_integer<std::size_t>(edits[i]);
                place %= file.size() + log.size();
                (place < file.size() ? file[place] : log[place - file.size()]) ^= edits[3];
            }
    }
    CrashFiles files;
    files.put(path, std::move(file));
    files.put(log_path, std::move(log));
    const NoClock clock;
    const SimVfs vfs(files, clock, 1);
    for (int round = 0; round < 2; ++round) {
        const auto journal = open_sqlite_journal(path, clock, vfs.options());
        look_at(journal);
        if (journal.ok()) use(**journal);
    }
    return 0;
}
