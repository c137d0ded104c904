// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/forest_index.hpp"
#include "car/reader.hpp"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace filfil::car {

/// A forest.car.zst whose blocks are found by CID through its index. Thread-safe.
class ForestCar {
public:
    /// @return Error::invalid_argument for a file that is no forest.car.zst, or what the index and header give
    static Result<ForestCar> open(std::unique_ptr<ReadableFile> file, const Limits& limits = {});

    [[nodiscard]] const std::vector<ipld::Cid>& roots() const noexcept { return m_roots; }
    [[nodiscard]] const ForestIndex& index() const noexcept { return m_index; }

    /// The data of a block, not checked against its hash; nothing if the CAR has none of this CID.
    /// @return Error::corrupt where the frame that the index names cannot be read
    Result<std::optional<Bytes>> get(const ipld::Cid& cid) const;

private:
    ForestCar(std::unique_ptr<ReadableFile> file, ForestIndex index, std::vector<ipld::Cid> roots, const Limits& limits)
        : m_file(std::move(file)), m_index(std::move(index)), m_roots(std::move(roots)), m_limits(limits) {}

    std::unique_ptr<ReadableFile> m_file;
    ForestIndex m_index;
    std::vector<ipld::Cid> m_roots;
    Limits m_limits;
};

/// What a look through all frames of a forest.car.zst found.
struct ForestCheck {
    std::uint64_t frames = 0;    ///< with blocks, so without the header's
    std::uint64_t blocks = 0;
    std::uint64_t index_bytes = 0;
    std::uint64_t unresolved = 0;    ///< blocks whose frame the index does not name
    std::vector<ipld::Cid> first_unresolved;
};

/// Reads every frame and looks each block up in the index. Hashes are not checked: see verify().
/// @return as ForestCar::open(), or Error::corrupt where frames and sections do not fit each other, or Error::cancelled
Result<ForestCheck> check_forest_car(std::unique_ptr<ReadableFile> file, const ReaderOptions& options = {},
                                     std::stop_token stop = {});

}    // namespace filfil::car
