// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "car/cut.hpp"
#include "retrieval/catalog.hpp"

#include <memory>
#include <optional>
#include <string>

namespace filfil::service {

/// Where the bytes of a piece lie on the disk.
struct FilePlace {
    std::string path;
    std::uint64_t file_size = 0;    ///< that the file must have

    /// Set where the file is the whole CAR: its header's bytes, and the piece's range of the body.
    struct OfCar {
        std::uint64_t header_size = 0;
        car::BodyRange range{};
    };
    std::optional<OfCar> of_car{};
};

/// Opens it. @return Error::not_found where the file is gone, mismatch where it has another size
Result<std::shared_ptr<const retrieval::PieceBytes>> open_file_bytes(Files& files, const FilePlace& place,
                                                                     std::uint64_t payload_size);

}    // namespace filfil::service
