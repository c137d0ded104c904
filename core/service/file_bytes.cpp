// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/file_bytes.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

class FileBytes final : public retrieval::PieceBytes {
public:
    FileBytes(std::unique_ptr<ReadableFile> file, std::optional<FilePlace::OfCar> of_car, std::uint64_t size)
        : m_file(std::move(file)), m_of_car(of_car), m_size(size) {}

    [[nodiscard]] std::uint64_t size() const noexcept override { return m_size; }
    [[nodiscard]] bool in_memory() const noexcept override { return false; }

    [[nodiscard]] Result<void> read(std::uint64_t offset, ByteSpan out) const override {
        if (offset > m_size || out.size() > m_size - offset)
            return Error(ErrorCode::invalid_argument, m_file->name() + ": bytes " + std::to_string(offset) + " to " +
                                                          std::to_string(offset + out.size()) + " of a piece of " +
                                                          std::to_string(m_size));
        if (!m_of_car) return read_all_at(offset, out);
        if (offset < m_of_car->header_size) {
            const std::size_t part = std::min<std::uint64_t>(out.size(), m_of_car->header_size - offset);
            FILFIL_CHECK(read_all_at(offset, out.first(part)));
            out = out.subspan(part);
            offset += part;
        }
        // Behind the header the sections of earlier pieces are left out.
        return out.empty() ? Result<void>() : read_all_at(offset + m_of_car->range.begin, out);
    }

private:
    Result<void> read_all_at(std::uint64_t offset, ByteSpan out) const {
        while (!out.empty()) {
            FILFIL_TRY(const std::size_t n, m_file->read_at(offset, out));
            if (n == 0)
                return Error(ErrorCode::truncated, m_file->name() + ": ends at byte " + std::to_string(offset),
                             "take the snapshot again");
            out = out.subspan(n);
            offset += n;
        }
        return {};
    }

    const std::unique_ptr<ReadableFile> m_file;
    const std::optional<FilePlace::OfCar> m_of_car;
    const std::uint64_t m_size;
};

}    // namespace

Result<std::shared_ptr<const retrieval::PieceBytes>> open_file_bytes(Files& files, const FilePlace& place,
                                                                     std::uint64_t payload_size) {
    auto file = files.open(place.path);
    if (!file.ok())
        return Error(file.error().code, file.error().message, "take the snapshot again, or restore the file");
    if ((*file)->size() != place.file_size)
        return Error(ErrorCode::mismatch,
                     place.path + ": has " + std::to_string((*file)->size().value_or(0)) + " bytes, and had " +
                         std::to_string(place.file_size) + " when the snapshot was taken",
                     "take the snapshot again, or restore the file");
    return std::shared_ptr<const retrieval::PieceBytes>(
        std::make_shared<FileBytes>(*std::move(file), place.of_car, payload_size));
}

}    // namespace filfil::service
