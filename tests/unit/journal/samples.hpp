// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"

#include <memory>
#include <string>
#include <vector>

namespace filfil::journal {

/// A clock that a test sets.
class SetClock final : public Clock {
public:
    [[nodiscard]] Duration steady() const override { return now; }
    [[nodiscard]] Duration wall() const override { return now; }

    Duration now = std::chrono::seconds(1'700'000'000);
};

ipld::Digest256 make_digest(unsigned seed);
ipld::Cid make_block_cid(unsigned seed);
ipld::Cid make_piece_cid(unsigned seed);

/// The snapshot of a seed, with every optional field set; `pieces` of them, which are those of the seed too.
SnapshotRecord make_snapshot(unsigned seed, unsigned pieces = 2);

/// The same without any.
SnapshotRecord without_optionals(SnapshotRecord snapshot);

ReceiptRecord make_receipt(unsigned seed);

/// An event with slot and miner; its fields tell of all.
EventRecord make_event(std::uint64_t block, std::uint64_t index);

/// The deal of a seed, with every optional field set.
DealRecord make_deal(unsigned seed);

/// The same without any.
DealRecord without_optionals(DealRecord deal);

/// Its name tells of the seed.
DealStepRecord make_step(unsigned seed, const std::string& kind = "stage");

// All fields, for comparing and for a failed test's message.
std::string text_of(const SnapshotRecord& snapshot);
std::string text_of(const ReceiptRecord& receipt);
std::string text_of(const EffectRecord& effect);
std::string text_of(const EventRecord& event);
std::string text_of(const DealRecord& deal);
std::string text_of(const DealStepRecord& step);

/// All deals that a journal has, newest first, each with its steps; or the first error.
std::string deals_of(Journal& journal);

/// All that a journal has, as far as receipts of the seeds below `seeds`, the effects "effect-N", the events of
/// "log-N" and the settings "setting-N" go; or the first error.
std::string look_of(Journal& journal, unsigned seeds = 20);

/// @return it, or nothing and a failed test
std::unique_ptr<Journal> must_open(const std::string& path, const Clock& clock, const SqliteOptions& options = {});

/// Opens what must not open. @return why not; Error::internal and a failed test where it does
Error must_not_open(const std::string& path, const SqliteOptions& options = {});

}    // namespace filfil::journal
