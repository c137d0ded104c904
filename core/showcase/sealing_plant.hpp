// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "commp/backend.hpp"
#include "incentive/lifeline.hpp"
#include "showcase/manifest.hpp"
#include "showcase/play.hpp"

#include <map>
#include <string>

namespace filfil::showcase {

/// What the watcher's miner does with the deals that its daemon writes down for it (a market of the kind "file"): reads
/// each manifest, gets the piece, hashes it, and if that is what was promised, has it in a sector some epochs later and
/// tells the contract. Lives on the loop.
class SealingPlant {
public:
    static constexpr std::uint64_t sealing_takes = 6;    ///< epochs

    /// All references must outlive it. @param folder of the manifests; need not be there yet
    SealingPlant(World& world, Play& play, commp::Backend& backend, std::string folder)
        : m_world(world), m_play(play), m_backend(backend), m_folder(std::move(folder)) {}

    /// A block is about to be made. @param epoch its number
    void act(std::uint64_t epoch);

private:
    struct Work {
        enum class State : std::uint8_t { waiting, fetching, sealing, refused };
        State state = State::waiting;
        Manifest manifest{};
        std::uint64_t ready_at = 0;    ///< epoch
    };

    void look();
    void fetch(const std::string& name, Work& work);
    void take(const std::string& name, const Result<Bytes>& bytes);
    [[nodiscard]] Result<void> check(const Manifest& manifest, ByteView bytes);
    void refuse(const std::string& name, const std::string& why);

    World& m_world;
    Play& m_play;
    commp::Backend& m_backend;
    std::string m_folder;
    std::uint64_t m_epoch = 0;
    std::map<std::string, Work> m_work;    ///< by the manifest's name
    incentive::Lifeline m_here;
};

}    // namespace filfil::showcase
