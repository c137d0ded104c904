// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/random.hpp"
#include "base/units.hpp"
#include "commp/kernel.hpp"
#include "gpu/runtime.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace filfil::test {

/// Time that stands still until something is said to take some.
class VirtualClock final : public Clock {
public:
    [[nodiscard]] Duration steady() const override { return Duration(m_now.load()); }
    [[nodiscard]] Duration wall() const override { return steady(); }
    void advance(Duration by) noexcept { m_now += by.count(); }

private:
    std::atomic<Duration::rep> m_now{0};
};

/// What the pipeline asks of a runtime.
enum class Call : unsigned {
    cards,
    free_memory,
    open_queue,
    allocate,
    allocate_pinned,
    copy_in,
    copy_out,
    make_tiles,
    make_quads,
    make_parents,
    wait
};
inline constexpr std::size_t call_kinds = 11;
std::string_view name_of(Call call) noexcept;

/// What can go wrong with a call. Calls that no card belongs to go wrong for card 0.
enum class Fault : unsigned {
    out_of_memory,     ///< an error, and nothing was done
    launch_failure,    ///< the same; later calls work again
    device_lost,       ///< from this call on the card gives nothing but errors
    hang,              ///< from this call on the card does nothing: no wait for it ends in time
    wrong_once,    ///< one bit of one node that this call makes or copies is wrong, or of the next one that is copied
    wrong_from_now,    ///< and of each copy out after it
    slow               ///< it takes 29 seconds more, in which others go on
};
std::string_view name_of(Fault fault) noexcept;

/// The n-th call that is of this kind and for this card, counted from 0, goes wrong.
struct Injection {
    Fault fault = Fault::launch_failure;
    std::uint64_t n = 0;
    std::optional<Call> call{};        ///< any
    std::optional<unsigned> card{};    ///< any, and calls that no card belongs to
};

/// A card of the tests. Its time passes on the machine's clock, when it is waited for.
struct FakeCard {
    gpu::CardFacts facts;
    std::uint64_t free_memory = 256 * MiB;
    double call_s = 0;          ///< that the host takes to ask for a copy or a step
    double copy_start_s = 0;    ///< that each copy takes besides its bytes
    double copy_bytes_per_s = 50e9;
    double tile_nodes_per_s = 4e9;
    double level_nodes_per_s = 1e9;
    std::map<gpu::TileVariant, double> other_tile_nodes_per_s{};    ///< of variants that have a rate of their own
    std::optional<gpu::TileVariant> broken{};                       ///< makes a wrong node in each step
    std::size_t most_tiles = SIZE_MAX;    ///< larger steps take their time and make no nodes: for trials alone
};

/// A card as new as any, number `number`.
FakeCard fake_card(unsigned number = 0);

/// A machine with cards that are as nasty as gpu/runtime.hpp allows, and fail on demand.
///
/// What a queue is given is done when that queue is waited for, or in part while another queue of its card is; not
/// before. So whoever frees or overwrites memory too early, or reads results too early, gets wrong nodes. Memory is
/// filled with rubbish when it is taken and when it is freed, every access is held against what was taken, and whatever
/// the runtime's rules forbid is kept as a complaint. The machine outlives the runtimes that it gives out.
class FakeMachine {
public:
    explicit FakeMachine(std::vector<FakeCard> cards, std::uint64_t seed = 1);
    ~FakeMachine();
    FakeMachine(const FakeMachine&) = delete;
    FakeMachine& operator=(const FakeMachine&) = delete;

    [[nodiscard]] std::unique_ptr<gpu::Runtime> runtime();
    [[nodiscard]] const VirtualClock& clock() const noexcept { return m_clock; }

    void show_no_cards(Error why) { m_no_cards = std::move(why); }

    /// From now on: calls that were made before do not count.
    void inject(const Injection& injection);

    /// Bytes of pinned memory that can be out at the same time.
    void limit_pinned(std::uint64_t bytes) noexcept { m_pinned_limit = bytes; }

    /// Waits on the card do not return until release(): they stand at its door.
    void hold(unsigned card);
    void release(unsigned card);

    /// Returns when so many waits stand at the doors of cards.
    void await_held(std::size_t waits);

    [[nodiscard]] std::uint64_t calls() const;
    [[nodiscard]] std::uint64_t calls(Call call) const;
    [[nodiscard]] std::uint64_t calls(Call call, unsigned card) const;

    /// How many of the injections have come about.
    [[nodiscard]] std::size_t fired() const;

    /// Cards that gave an error, or no answer, to work: to a copy, a step or a wait.
    [[nodiscard]] std::set<unsigned> failed_cards() const;

    /// Bits of nodes that were made wrong.
    [[nodiscard]] std::uint64_t flips() const noexcept { return m_flips; }

    [[nodiscard]] std::uint64_t pinned_bytes() const;

    /// What was done against the rules so far, and what is still taken. Cards that hang wake up for it and do what they
    /// have, as a real one might. To be called when everything should have been given back; empty is good.
    [[nodiscard]] std::vector<std::string> complaints();

private:
    friend class FakeRuntime;
    friend class FakeQueue;

    struct Block {
        std::byte* data = nullptr;
        std::size_t bytes = 0;
        bool alive = true;    ///< pinned memory stays here when it is given back, so that late readers show
        bool gone = false;    ///< given back for good: not where a card that hangs may still use it
    };

    /// Something that a card has been given to do.
    struct Work {
        Call call{};
        void* on_card = nullptr;
        void* on_host = nullptr;
        std::size_t bytes = 0;
        gpu::TileVariant variant{};
        gpu::TileStep tiles{};
        gpu::LevelStep level{};
        bool wrong = false;
    };

    struct QueueState {
        unsigned card = 0;
        std::vector<Block> memory;
        std::deque<Work> work;
        std::optional<Work> tiles{};    ///< that still have to be made
        bool abandoned = false;
        bool closed = false;
        bool failed = false;    ///< has said so to whoever uses it
        std::atomic<bool> in_use = false;
    };

    struct Card {
        Card(FakeCard card, std::uint64_t seed) : is(std::move(card)), random(seed) {}
        const FakeCard is;
        std::mutex mutex;    ///< guards the queues' work and memory, and the random numbers; taken before m_mutex
        SeededRandom random;
        std::vector<std::shared_ptr<QueueState>> queues;
        std::uint64_t taken = 0;
        std::atomic<bool> lost = false;
        std::atomic<bool> hangs = false;
        std::atomic<bool> told_that_it_hangs = false;
        std::atomic<bool> next_is_wrong = false;
        std::atomic<bool> is_wrong = false;
        bool held = false;    ///< guarded by m_mutex
    };

    struct Scripted {
        Injection injection;
        std::uint64_t seen = 0;
        bool fired = false;
    };

    /// What becomes of a call.
    struct Verdict {
        std::optional<Error> error;
        bool wrong = false;
    };

    Verdict begin(Call call, std::optional<unsigned> card);
    void complain(const std::string& what);
    [[nodiscard]] bool is_pinned(const void* from) const;
    void pass_door(Card& card);
    [[nodiscard]] Card* card_of(unsigned number) noexcept;

    Result<void*> allocate_pinned(unsigned card, std::size_t bytes);
    [[nodiscard]] const Block* pinned(const void* from) const;    ///< with m_mutex held; null for ordinary memory
    void free_pinned(void* memory);

    // All of these with the card's mutex held.
    void run(Card& card, QueueState& queue, std::size_t most);
    void run_some_of_others(Card& card, const QueueState& but);
    void perform(Card& card, QueueState& queue, const Work& work);
    static bool is_same_copy(const Work& a, const Work& b) noexcept;
    void pass_time_of_copy(const Card& card, const Work& work);
    void copy(Card& card, QueueState& queue, const Work& work);
    void pass_time_of_tiles(const Card& card, const Work& work);
    void make_tiles(Card& card, QueueState& queue, const Work& work);
    void make_level(Card& card, QueueState& queue, const Work& work);
    bool on_card(const QueueState& queue, const void* from, std::size_t bytes, std::string_view what);
    bool on_host(const void* from, std::size_t bytes);
    void flip(Card& card, void* memory, std::size_t bytes);

    const commp::Kernel& m_kernel;    ///< the fastest that this CPU has
    std::vector<std::unique_ptr<Card>> m_cards;
    VirtualClock m_clock;
    std::atomic<std::uint64_t> m_flips = 0;
    std::atomic<bool> m_abandoned = false;    ///< some queue is: then nothing pinned is given back any more

    mutable std::mutex m_mutex;    ///< guards what follows
    std::condition_variable m_doors;
    std::size_t m_at_doors = 0;
    std::optional<Error> m_no_cards;
    std::vector<Scripted> m_injections;
    std::array<std::map<std::optional<unsigned>, std::uint64_t>, call_kinds> m_calls;
    std::map<const std::byte*, Block> m_pinned;
    std::uint64_t m_pinned_bytes = 0;
    std::uint64_t m_pinned_limit = UINT64_MAX;
    std::set<unsigned> m_failed;
    std::vector<std::string> m_complaints;
};

}    // namespace filfil::test
