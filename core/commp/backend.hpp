// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "commp/node.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace filfil::commp {

/// Told of each job's end. Calls come from any thread of the backend, in any order, several at a time; they must be
/// quick and must not wait for the backend.
class JobSink {
public:
    virtual ~JobSink() = default;

    /// The job's nodes at the level it named, in payload order; valid during the call.
    virtual void on_nodes(std::uint64_t ticket, std::span<const Node> nodes) noexcept = 0;

    /// The job failed and gave no nodes. `quads` is its payload as submitted, valid during the call, so that the work
    /// can be done elsewhere without reading the input again.
    virtual void on_failure(std::uint64_t ticket, Error error, ByteView quads) noexcept = 0;
};

/// A run of whole quads of one piece, hashed to nodes of one level.
///
/// Quads are 127 bytes each, payload as it is (not Fr32 padded); a piece's last quad is filled up with zeros by whoever
/// cuts the job. The job yields ceil(quads / 2^(level-2)) nodes; where the quads end inside the last node, the rest of
/// it counts as zero quads.
struct Job {
    std::size_t offset = 0;         ///< of its first byte inside the staging buffer
    std::size_t quads = 0;          ///< at least 1
    unsigned level = quad_level;    ///< of the nodes wanted: quad_level to limits().max_level
    std::uint64_t ticket = 0;       ///< given back to the sink as it is
    JobSink* sink = nullptr;        ///< must live until told of the job's end
};

/// Memory that a backend lends for payload; for a GPU, pinned memory. Goes back to the backend when destroyed.
class Staging {
public:
    virtual ~Staging() = default;

    /// Room for payload: limits().staging_quads · 127 bytes. 64 more bytes after it may be read (not written) by
    /// kernels.
    [[nodiscard]] virtual ByteSpan bytes() noexcept = 0;
};

/// One staging buffer and the jobs that lie in it: many small pieces may share one buffer, hence one copy to a device.
struct Submission {
    std::unique_ptr<Staging> staging;
    std::vector<Job> jobs;
};

struct BackendLimits {
    std::size_t staging_quads = 0;    ///< quads that one staging buffer holds
    std::size_t staging_count = 0;    ///< buffers that can be out at the same time
    unsigned max_level = 0;           ///< highest level a job may ask for
    unsigned job_level =
        0;    ///< the level at which a long stream should ask for its nodes; staging_quads holds whole nodes of it
    unsigned fillers = 0;    ///< threads that fill buffers best at the same time; 0: as many as there are
};

/// Something that hashes payload into tree nodes: CPU instruction set or GPU. All methods are thread-safe.
class Backend {
public:
    virtual ~Backend() = default;

    /// What results are labelled with: "cpu:avx512", "cuda:0".
    [[nodiscard]] virtual std::string name() const = 0;

    /// One line for people: what it is and what it uses.
    [[nodiscard]] virtual std::string description() const = 0;

    [[nodiscard]] virtual BackendLimits limits() const noexcept = 0;

    /// Lends a buffer; waits until one is free. Its content is arbitrary.
    [[nodiscard]] virtual Result<std::unique_ptr<Staging>> acquire() = 0;

    /// Takes the submission and returns; each job's sink is told once, maybe before submit() returns. On an error no
    /// sink is told of anything.
    [[nodiscard]] virtual Result<void> submit(Submission submission) = 0;

    /// Waits until every job taken so far has been told to its sink.
    virtual void drain() = 0;

    /// How many times so far the backend has found out that nodes it gave before may be wrong (a card that computed
    /// wrongly, seen by a check). Whoever saw the number change between a piece's first job and its last node must not
    /// trust the piece; hashing it again is worth while, since the backend no longer uses what was wrong.
    [[nodiscard]] virtual std::uint64_t revocations() const noexcept { return 0; }
};

/// Whether a backend with these limits can take the submission.
/// @return Error::invalid_argument names the job that lies outside the buffer or asks for a level that there is not
[[nodiscard]] Result<void> check_submission(const Submission& submission, const BackendLimits& limits);

}    // namespace filfil::commp
