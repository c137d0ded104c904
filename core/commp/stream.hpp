// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "commp/backend.hpp"
#include "commp/piece.hpp"

#include <memory>

namespace filfil::commp {

/// Hashes a payload that is pushed in, of any length not known before. One writer at a time.
///
/// Either write() copies bytes in, or room()/advance() let the writer put them straight into the backend's buffer.
class PieceStream {
public:
    /// @param backend must outlive the stream
    explicit PieceStream(Backend& backend);
    ~PieceStream();    ///< waits for jobs under way
    PieceStream(PieceStream&&) = delete;
    PieceStream& operator=(PieceStream&&) = delete;

    /// Takes all of `payload`; may wait for a free buffer. After an error every later call gives the same error.
    [[nodiscard]] Result<void> write(ByteView payload);

    /// Free room in the current buffer, at least one byte; waits for a free buffer.
    [[nodiscard]] Result<ByteSpan> room();

    /// Declares that the first `bytes` of the last room() have been filled.
    [[nodiscard]] Result<void> advance(std::size_t bytes);

    [[nodiscard]] std::uint64_t payload_size() const noexcept;

    /// Ends the payload and waits for its root. An empty payload gives the commitment of 127 zero bytes, as FRC-0069
    /// says. @return Error::device also where the backend revoked nodes meanwhile (Backend::revocations)
    [[nodiscard]] Result<Piece> finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}    // namespace filfil::commp
