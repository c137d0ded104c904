// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "base/patch_file.hpp"
#include "retrieval/fetch/plan.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace filfil::retrieval {

/// Where the bytes of pieces go. read(), write() and finish() are called on workers, several at a time (finish()
/// alone).
class FetchTarget {
public:
    virtual ~FetchTarget() = default;

    /// The header that all pieces begin with, before anything is written; again where another turned out to be right,
    /// and then all that was written is of no use. On the loop.
    virtual void set_header(ByteView header) = 0;

    [[nodiscard]] virtual Result<void> write(std::size_t piece, std::uint64_t offset, ByteView bytes) = 0;

    /// @return bytes read, fewer than asked where there are no more
    [[nodiscard]] virtual Result<std::size_t> read(std::size_t piece, std::uint64_t offset, ByteSpan out) = 0;

    /// Whether what was written can be read.
    [[nodiscard]] virtual bool keeps() const noexcept = 0;

    /// All is written and right: it appears under its final name.
    [[nodiscard]] virtual Result<void> finish() = 0;
};

/// The CAR that the pieces make when they are joined: the header once, then the sections of each. Written to PATH.part.
class JoinedTarget final : public FetchTarget {
public:
    /// @return what PatchFiles gives
    static Result<std::unique_ptr<JoinedTarget>> open(PatchFiles& files, std::string path, const FetchPlan& plan);

    void set_header(ByteView header) override;
    Result<void> write(std::size_t piece, std::uint64_t offset, ByteView bytes) override;
    Result<std::size_t> read(std::size_t piece, std::uint64_t offset, ByteSpan out) override;
    bool keeps() const noexcept override { return true; }
    Result<void> finish() override;

    /// Bytes of the joined CAR.
    [[nodiscard]] std::uint64_t size() const;

private:
    JoinedTarget(PatchFiles& files, std::string path, const FetchPlan& plan);
    [[nodiscard]] std::uint64_t base_of(std::size_t piece, std::uint64_t header) const noexcept;
    [[nodiscard]] std::shared_ptr<const Bytes> header() const;

    PatchFiles& m_files;
    std::string m_path;
    std::vector<std::uint64_t> m_sizes;    ///< of the pieces
    std::unique_ptr<PatchFile> m_file;
    mutable std::mutex m_mutex;
    std::shared_ptr<const Bytes> m_header = std::make_shared<const Bytes>();
};

/// A file for each piece: FOLDER/STEM.p<i>of<n>.car, written to names that end in ".part".
class PieceFilesTarget final : public FetchTarget {
public:
    static Result<std::unique_ptr<PieceFilesTarget>> open(PatchFiles& files, std::vector<std::string> paths,
                                                          const FetchPlan& plan);

    void set_header(ByteView) override {}
    Result<void> write(std::size_t piece, std::uint64_t offset, ByteView bytes) override;
    Result<std::size_t> read(std::size_t piece, std::uint64_t offset, ByteSpan out) override;
    bool keeps() const noexcept override { return true; }
    Result<void> finish() override;

private:
    PieceFilesTarget(PatchFiles& files, std::vector<std::string> paths) : m_patches(files), m_paths(std::move(paths)) {}

    PatchFiles& m_patches;
    std::vector<std::string> m_paths;
    std::vector<std::uint64_t> m_sizes;
    std::vector<std::unique_ptr<PatchFile>> m_files;
};

/// Keeps nothing: for measuring, and for asking whether a snapshot can be had.
class DiscardTarget final : public FetchTarget {
public:
    void set_header(ByteView) override {}
    Result<void> write(std::size_t, std::uint64_t, ByteView) override { return {}; }
    Result<std::size_t> read(std::size_t, std::uint64_t, ByteSpan) override { return std::size_t{0}; }
    bool keeps() const noexcept override { return false; }
    Result<void> finish() override { return {}; }
};

}    // namespace filfil::retrieval
