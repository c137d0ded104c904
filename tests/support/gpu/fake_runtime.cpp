// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_runtime.hpp"

#include "gpu/level_nodes.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>
#include <thread>

namespace filfil::test {
namespace {

constexpr std::byte fresh_rubbish{0xa5};
constexpr std::byte freed_rubbish{0xdd};
constexpr std::align_val_t card_alignment{256};
constexpr std::align_val_t host_alignment{4096};

const commp::Kernel& fastest_kernel() noexcept {
    for (const commp::Kernel* kernel : commp::all_kernels())
        if (kernel->supported()) return *kernel;
    return commp::portable_kernel;
}

std::byte* take(std::size_t bytes, std::align_val_t alignment) {
    auto* const memory = static_cast<std::byte*>(::operator new(bytes, alignment));
    std::memset(memory, std::to_integer<int>(fresh_rubbish), bytes);
    return memory;
}

bool is_work(Call call) noexcept { return call >= Call::copy_in; }

Clock::Duration seconds(double s) { return Clock::Duration(std::llround(s * 1e9)); }

Error error_of(Fault fault, Call call, std::optional<unsigned> card) {
    const std::string where = card ? gpu::card_name(*card) + ": " : "";
    const std::string what = where + std::string(name_of(call)) + " failed";
    if (fault == Fault::out_of_memory) return {ErrorCode::too_large, what + " (the fake is out of memory)", "a remedy"};
    if (fault == Fault::device_lost) return {ErrorCode::device, what + " (the fake card is lost)", "a remedy"};
    return {ErrorCode::device, what + " (the fake launch failed)", "a remedy"};
}

bool overlap(const void* a, std::size_t a_bytes, const void* b, std::size_t b_bytes) noexcept {
    const auto* const first = static_cast<const std::byte*>(a);
    const auto* const second = static_cast<const std::byte*>(b);
    return std::less<>()(first, second + b_bytes) && std::less<>()(second, first + a_bytes);
}

}    // namespace

std::string_view name_of(Call call) noexcept {
    constexpr std::array<std::string_view, call_kinds> names{
        "cards",      "free_memory", "open_queue",   "allocate", "allocate_pinned", "copy_in", "copy_out",
        "make_tiles", "make_quads",  "make_parents", "wait"};
    return names[static_cast<unsigned>(call)];
}

std::string_view name_of(Fault fault) noexcept {
    constexpr std::array<std::string_view, 7> names{"out of memory", "launch failure", "device lost", "hang",
                                                    "wrong once",    "wrong from now", "slow"};
    return names[static_cast<unsigned>(fault)];
}

FakeCard fake_card(unsigned number) {
    FakeCard card;
    card.facts = {number, "Fake " + std::to_string(number), 9, 0, 132, 4 * GiB, "13.0"};
    return card;
}

/// A queue of a card, which lives as long as the pipeline keeps it; what it has left to do may live longer.
class FakeQueue final : public gpu::Queue {
public:
    FakeQueue(FakeMachine& machine, FakeMachine::Card& card, std::shared_ptr<FakeMachine::QueueState> state)
        : m_machine(machine), m_card(card), m_state(std::move(state)) {}

    ~FakeQueue() override {
        const OneThread here(*this);
        const std::scoped_lock lock(m_card.mutex);
        m_state->closed = true;
        if (m_state->abandoned) return;
        // What gives memory back waits until the card has nothing more to do, whoever gave it that.
        const bool is_busy = std::ranges::any_of(m_card.queues, [](const auto& queue) { return !queue->work.empty(); });
        if (m_card.told_that_it_hangs || (m_card.hangs && is_busy))
            m_machine.complain(name() + " hangs, and was asked for its memory back: that would never return");
        if (!m_state->work.empty() && !m_state->failed)
            m_machine.complain(name() + ": a queue was closed before its work was waited for");
        if (!m_card.lost && !m_card.hangs) m_machine.run(m_card, *m_state, SIZE_MAX);
        for (const FakeMachine::Block& block : m_state->memory) {
            m_card.taken -= block.bytes;
            ::operator delete(block.data, card_alignment);
        }
        std::erase(m_card.queues, m_state);
    }
    FakeQueue(const FakeQueue&) = delete;
    FakeQueue& operator=(const FakeQueue&) = delete;

    [[nodiscard]] Result<void*> allocate(std::size_t bytes) override {
        const OneThread here(*this);
        FILFIL_CHECK(begin(Call::allocate));
        const std::scoped_lock lock(m_card.mutex);
        if (bytes > m_card.is.free_memory - m_card.taken)
            return Error(ErrorCode::too_large, name() + ": no room for " + std::to_string(bytes) + " bytes",
                         "a remedy");
        m_card.taken += bytes;
        m_state->memory.push_back({take(bytes, card_alignment), bytes});
        return static_cast<void*>(m_state->memory.back().data);
    }

    [[nodiscard]] Result<void> copy_in(void* card, const void* host, std::size_t bytes) override {
        return give({.call = Call::copy_in, .on_card = card, .on_host = const_cast<void*>(host), .bytes = bytes});
    }
    [[nodiscard]] Result<void> copy_out(void* host, const void* card, std::size_t bytes) override {
        return give({.call = Call::copy_out, .on_card = const_cast<void*>(card), .on_host = host, .bytes = bytes});
    }
    [[nodiscard]] Result<void> make_tiles(gpu::TileVariant variant, const gpu::TileStep& step) override {
        return give({.call = Call::make_tiles, .variant = variant, .tiles = step});
    }
    [[nodiscard]] Result<void> make_quads(const gpu::LevelStep& step) override {
        return give({.call = Call::make_quads, .level = step});
    }
    [[nodiscard]] Result<void> make_parents(std::span<const gpu::LevelStep> steps) override {
        for (const gpu::LevelStep& step : steps) FILFIL_CHECK(give({.call = Call::make_parents, .level = step}));
        return {};
    }

    [[nodiscard]] Result<bool> wait(Clock::Duration most) override {
        const OneThread here(*this);
        FILFIL_CHECK(begin(Call::wait));
        m_machine.pass_door(m_card);
        const std::scoped_lock lock(m_card.mutex);
        if (m_card.hangs) {
            m_machine.m_clock.advance(most);
            m_card.told_that_it_hangs = true;
            m_state->failed = true;
            const std::scoped_lock machine_lock(m_machine.m_mutex);
            m_machine.m_failed.insert(m_state->card);
            return false;
        }
        m_machine.run_some_of_others(m_card, *m_state);
        m_machine.run(m_card, *m_state, SIZE_MAX);
        return true;
    }

    void abandon() noexcept override {
        const std::scoped_lock lock(m_card.mutex);
        m_state->abandoned = true;
        m_machine.m_abandoned = true;
    }

private:
    /// "One thread at a time."
    class OneThread {
    public:
        explicit OneThread(FakeQueue& queue) : m_queue(queue) {
            if (m_queue.m_state->in_use.exchange(true))
                m_queue.m_machine.complain(m_queue.name() + ": two threads use one queue");
        }
        ~OneThread() { m_queue.m_state->in_use = false; }
        OneThread(const OneThread&) = delete;
        OneThread& operator=(const OneThread&) = delete;

    private:
        FakeQueue& m_queue;
    };

    [[nodiscard]] std::string name() const { return gpu::card_name(m_state->card); }

    Result<void> begin(Call call, bool* wrong = nullptr) {
        FakeMachine::Verdict verdict = m_machine.begin(call, m_state->card);
        if (wrong != nullptr) *wrong = verdict.wrong;
        if (!verdict.error) return {};
        const std::scoped_lock lock(m_card.mutex);
        m_state->failed = true;
        return std::move(*verdict.error);
    }

    Result<void> give(FakeMachine::Work work) {
        const OneThread here(*this);
        FILFIL_CHECK(begin(work.call, &work.wrong));
        m_machine.m_clock.advance(seconds(m_card.is.call_s));
        const std::scoped_lock lock(m_card.mutex);
        m_state->work.push_back(work);
        return {};
    }

    FakeMachine& m_machine;
    FakeMachine::Card& m_card;
    std::shared_ptr<FakeMachine::QueueState> m_state;
};

class FakeRuntime final : public gpu::Runtime {
public:
    explicit FakeRuntime(FakeMachine& machine) : m_machine(machine) {}

    [[nodiscard]] Result<std::vector<gpu::CardFacts>> cards() override {
        if (auto verdict = m_machine.begin(Call::cards, std::nullopt); verdict.error) return std::move(*verdict.error);
        if (m_machine.m_no_cards) return *m_machine.m_no_cards;
        std::vector<gpu::CardFacts> facts;
        for (const auto& card : m_machine.m_cards) facts.push_back(card->is.facts);
        return facts;
    }

    [[nodiscard]] Result<std::uint64_t> free_memory(unsigned number) override {
        if (auto verdict = m_machine.begin(Call::free_memory, number); verdict.error) return std::move(*verdict.error);
        FakeMachine::Card& card = *m_machine.card_of(number);
        const std::scoped_lock lock(card.mutex);
        return card.is.free_memory - card.taken;
    }

    [[nodiscard]] Result<std::unique_ptr<gpu::Queue>> open_queue(unsigned number) override {
        if (auto verdict = m_machine.begin(Call::open_queue, number); verdict.error) return std::move(*verdict.error);
        FakeMachine::Card& card = *m_machine.card_of(number);
        auto state = std::make_shared<FakeMachine::QueueState>();
        state->card = number;
        const std::scoped_lock lock(card.mutex);
        card.queues.push_back(state);
        return std::unique_ptr<gpu::Queue>(std::make_unique<FakeQueue>(m_machine, card, std::move(state)));
    }

    [[nodiscard]] Result<void*> allocate_pinned(unsigned card, std::size_t bytes) override {
        return m_machine.allocate_pinned(card, bytes);
    }
    void free_pinned(void* memory) noexcept override { m_machine.free_pinned(memory); }

private:
    FakeMachine& m_machine;
};

FakeMachine::FakeMachine(std::vector<FakeCard> cards, std::uint64_t seed) : m_kernel(fastest_kernel()) {
    for (FakeCard& card : cards) m_cards.push_back(std::make_unique<Card>(std::move(card), seed + m_cards.size()));
}

FakeMachine::~FakeMachine() {
    for (const auto& card : m_cards)
        for (const auto& queue : card->queues)
            for (const Block& block : queue->memory) ::operator delete(block.data, card_alignment);
    for (const auto& [from, block] : m_pinned) ::operator delete(block.data, host_alignment);
}

std::unique_ptr<gpu::Runtime> FakeMachine::runtime() { return std::make_unique<FakeRuntime>(*this); }

void FakeMachine::inject(const Injection& injection) {
    const std::scoped_lock lock(m_mutex);
    m_injections.push_back({injection, 0, false});
}

void FakeMachine::hold(unsigned card) {
    const std::scoped_lock lock(m_mutex);
    card_of(card)->held = true;
}

void FakeMachine::release(unsigned card) {
    const std::scoped_lock lock(m_mutex);
    card_of(card)->held = false;
    m_doors.notify_all();
}

void FakeMachine::pass_door(Card& card) {
    std::unique_lock lock(m_mutex);
    if (!card.held) return;
    ++m_at_doors;
    m_doors.notify_all();
    m_doors.wait(lock, [&] { return !card.held; });
    --m_at_doors;
}

void FakeMachine::await_held(std::size_t waits) {
    std::unique_lock lock(m_mutex);
    m_doors.wait(lock, [&] { return m_at_doors >= waits; });
}

std::uint64_t FakeMachine::calls() const {
    std::uint64_t sum = 0;
    for (unsigned call = 0; call < call_kinds; ++call) sum += calls(static_cast<Call>(call));
    return sum;
}

std::uint64_t FakeMachine::calls(Call call) const {
    const std::scoped_lock lock(m_mutex);
    std::uint64_t sum = 0;
    for (const auto& [card, count] : m_calls[static_cast<unsigned>(call)]) sum += count;
    return sum;
}

std::uint64_t FakeMachine::calls(Call call, unsigned card) const {
    const std::scoped_lock lock(m_mutex);
    const auto& of_call = m_calls[static_cast<unsigned>(call)];
    const auto count = of_call.find(card);
    return count == of_call.end() ? 0 : count->second;
}

std::size_t FakeMachine::fired() const {
    const std::scoped_lock lock(m_mutex);
    return static_cast<std::size_t>(std::ranges::count(m_injections, true, &Scripted::fired));
}

std::set<unsigned> FakeMachine::failed_cards() const {
    const std::scoped_lock lock(m_mutex);
    return m_failed;
}

std::uint64_t FakeMachine::pinned_bytes() const {
    const std::scoped_lock lock(m_mutex);
    return m_pinned_bytes;
}

FakeMachine::Card* FakeMachine::card_of(unsigned number) noexcept {
    for (const auto& card : m_cards)
        if (card->is.facts.number == number) return card.get();
    return nullptr;
}

void FakeMachine::complain(const std::string& what) {
    const std::scoped_lock lock(m_mutex);
    m_complaints.push_back(what);
}

FakeMachine::Verdict FakeMachine::begin(Call call, std::optional<unsigned> number) {
    Verdict verdict;
    bool slow = false;
    {
        const std::scoped_lock lock(m_mutex);
        ++m_calls[static_cast<unsigned>(call)][number];
        if (m_cards.empty()) return verdict;
        Card& card = *card_of(number.value_or(m_cards.front()->is.facts.number));
        for (Scripted& scripted : m_injections) {
            const Injection& injection = scripted.injection;
            if ((injection.call && injection.call != call) || (injection.card && injection.card != number)) continue;
            if (scripted.seen++ != injection.n) continue;
            scripted.fired = true;
            switch (injection.fault) {
                case Fault::device_lost: card.lost = true; [[fallthrough]];
                case Fault::out_of_memory:
                case Fault::launch_failure: verdict.error = error_of(injection.fault, call, number); break;
                case Fault::hang: card.hangs = true; break;
                case Fault::wrong_from_now: card.is_wrong = true; break;
                case Fault::wrong_once:
                    // A step of nothing and a copy to the card make no node that could be wrong.
                    if (call == Call::copy_out || call == Call::make_quads || call == Call::make_parents)
                        verdict.wrong = true;
                    else
                        card.next_is_wrong = true;
                    break;
                case Fault::slow: slow = true; break;
            }
        }
        if (number && card.lost && !verdict.error) verdict.error = error_of(Fault::device_lost, call, number);
        if (number && verdict.error && is_work(call)) m_failed.insert(*number);
    }
    if (slow) {
        m_clock.advance(std::chrono::seconds(29));
        for (int i = 0; i < 200; ++i) std::this_thread::yield();
    }
    return verdict;
}

Result<void*> FakeMachine::allocate_pinned(unsigned card, std::size_t bytes) {
    if (auto verdict = begin(Call::allocate_pinned, card); verdict.error) return std::move(*verdict.error);
    if (m_abandoned) return Error(ErrorCode::device, "no pinned memory while a card hangs", "a remedy");
    const std::scoped_lock lock(m_mutex);
    if (m_pinned_bytes + bytes > m_pinned_limit)
        return Error(ErrorCode::too_large, "no pinned memory of " + std::to_string(bytes) + " bytes", "a remedy");
    std::byte* const memory = take(bytes, host_alignment);
    m_pinned.emplace(memory, Block{memory, bytes});
    m_pinned_bytes += bytes;
    return static_cast<void*>(memory);
}

void FakeMachine::free_pinned(void* memory) {
    std::size_t bytes = 0;
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_pinned.find(static_cast<std::byte*>(memory));
        if (found == m_pinned.end() || !found->second.alive) {
            m_complaints.emplace_back("memory was freed that is not pinned, or twice");
            return;
        }
        bytes = found->second.bytes;
    }
    for (const auto& card : m_cards) {
        const std::scoped_lock lock(card->mutex);
        for (const auto& queue : card->queues)
            for (const Work& work : queue->work) {
                if (work.on_host == nullptr || !overlap(work.on_host, work.bytes, memory, bytes)) continue;
                // A card that hangs may still write its results; what it reads the runtime keeps by itself.
                if (!queue->abandoned || work.call == Call::copy_out)
                    complain(gpu::card_name(queue->card) + ": pinned memory was freed that a copy still needs");
            }
    }
    const std::scoped_lock lock(m_mutex);
    Block& block = m_pinned.find(static_cast<std::byte*>(memory))->second;
    block.alive = false;
    m_pinned_bytes -= bytes;
    if (m_abandoned) return;
    block.gone = true;
    std::memset(memory, std::to_integer<int>(freed_rubbish), bytes);
}

void FakeMachine::run(Card& card, QueueState& queue, std::size_t most) {
    for (; most != 0 && !queue.work.empty(); --most) {
        const Work& work = queue.work.front();
        // Of the same copy several times in a row, as measuring asks for it, the last is enough.
        if (queue.work.size() > 1 && is_same_copy(work, queue.work[1])) pass_time_of_copy(card, work);
        // What a card reads after it has failed counts for nothing, and the host may have given it to others by now;
        // what it writes hits whoever took the memory back too early.
        else if (queue.failed && work.call != Call::copy_out)
            queue.tiles.reset();
        else
            perform(card, queue, work);
        queue.work.pop_front();
    }
}

void FakeMachine::run_some_of_others(Card& card, const QueueState& but) {
    for (const auto& other : card.queues)
        if (other.get() != &but && !other->abandoned) run(card, *other, card.random.below(other->work.size() + 1));
}

void FakeMachine::perform(Card& card, QueueState& queue, const Work& work) {
    if (work.call == Call::make_tiles) {
        // Not before somebody reads the nodes, which measuring never does.
        pass_time_of_tiles(card, work);
        queue.tiles = work;
        return;
    }
    if (work.call != Call::copy_in && queue.tiles) make_tiles(card, queue, *queue.tiles);
    queue.tiles.reset();
    if (work.call == Call::copy_in || work.call == Call::copy_out) return copy(card, queue, work);
    make_level(card, queue, work);
}

bool FakeMachine::is_same_copy(const Work& a, const Work& b) noexcept {
    return a.call == Call::copy_in && b.call == Call::copy_in && a.on_card == b.on_card && a.on_host == b.on_host &&
           a.bytes == b.bytes;
}

void FakeMachine::pass_time_of_copy(const Card& card, const Work& work) {
    m_clock.advance(seconds(card.is.copy_start_s + static_cast<double>(work.bytes) / card.is.copy_bytes_per_s));
}

void FakeMachine::copy(Card& card, QueueState& queue, const Work& work) {
    pass_time_of_copy(card, work);
    if (!on_card(queue, work.on_card, work.bytes, "copy") || !on_host(work.on_host, work.bytes)) return;
    if (work.call == Call::copy_in) {
        std::memcpy(work.on_card, work.on_host, work.bytes);
        return;
    }
    std::memcpy(work.on_host, work.on_card, work.bytes);
    if (card.next_is_wrong.exchange(false) || work.wrong || card.is_wrong) flip(card, work.on_host, work.bytes);
}

void FakeMachine::pass_time_of_tiles(const Card& card, const Work& work) {
    const auto other_rate = card.is.other_tile_nodes_per_s.find(work.variant);
    const double rate =
        other_rate == card.is.other_tile_nodes_per_s.end() ? card.is.tile_nodes_per_s : other_rate->second;
    // Each 8 quads have 31 nodes up to a tile's level.
    m_clock.advance(seconds(double(work.tiles.count) * gpu::tile_nodes * 31 / rate));
}

void FakeMachine::make_tiles(Card& card, QueueState& queue, const Work& work) {
    const gpu::TileStep& step = work.tiles;
    if (step.count == 0) return;
    if (!on_card(queue, step.tiles, step.count * sizeof(gpu::Tile), "tiles") || step.count > card.is.most_tiles) return;
    std::vector<commp::Node> nodes;
    for (std::uint32_t i = 0; i < step.count; ++i) {
        const gpu::Tile& tile = step.tiles[i];
        const std::byte* const payload = reinterpret_cast<const std::byte*>(step.payload) + tile.offset;
        gpu::NodeWords* const made = step.nodes + tile.nodes;
        if (!on_card(queue, payload, gpu::tile_quads * commp::quad_payload + 4, "a tile's quads") ||
            !on_card(queue, made, gpu::tile_nodes * sizeof(gpu::NodeWords), "a tile's nodes"))
            return;
        commp::hash_quads(m_kernel, payload, gpu::tile_quads, gpu::tile_level, nodes);
        for (unsigned n = 0; n < gpu::tile_nodes; ++n) {
            std::memcpy(made[n].word, nodes[n].data(), sizeof made[n].word);
            for (std::uint32_t& word : made[n].word) word = gpu::swap_bytes(word);
        }
    }
    if (card.is.broken == work.variant) flip(card, step.nodes + step.tiles[0].nodes, sizeof(gpu::NodeWords));
}

void FakeMachine::make_level(Card& card, QueueState& queue, const Work& work) {
    const gpu::LevelStep& step = work.level;
    const bool of_quads = work.call == Call::make_quads;
    m_clock.advance(seconds(static_cast<double>(step.node_count) / card.is.level_nodes_per_s));
    if (!on_card(queue, step.segments, step.segment_count * sizeof(gpu::Segment), "segments")) return;
    std::uint32_t made = 0;
    for (std::uint32_t i = 0; i < step.segment_count; ++i) {
        const gpu::Segment& segment = step.segments[i];
        const std::uint32_t nodes = of_quads ? segment.count : (segment.count + 1) / 2;
        if (segment.begin != made || nodes == 0) return complain("a segment does not follow the one before it");
        made += nodes;
        const bool source_is_there =
            of_quads ? on_card(queue, reinterpret_cast<const std::byte*>(step.payload) + segment.source,
                               segment.count * commp::quad_payload + 4, "a segment's quads")
                     : on_card(queue, step.nodes + segment.source, segment.count * sizeof(gpu::NodeWords),
                               "a segment's children");
        if (!source_is_there ||
            !on_card(queue, step.nodes + segment.nodes, nodes * sizeof(gpu::NodeWords), "a segment's nodes"))
            return;
    }
    if (made != step.node_count) return complain("a step's segments have other nodes than the step");
    if (step.node_count > card.is.most_tiles * gpu::tile_quads && card.is.most_tiles != SIZE_MAX) return;
    for (std::uint32_t i = 0; i < step.node_count; ++i) of_quads ? gpu::QuadNode{step}(i) : gpu::ParentNode{step}(i);
    if (work.wrong) {
        const std::uint32_t i = static_cast<std::uint32_t>(card.random.below(step.node_count));
        const gpu::Segment& segment = gpu::segment_of(step, i);
        flip(card, step.nodes + segment.nodes + (i - segment.begin), sizeof(gpu::NodeWords));
    }
}

bool FakeMachine::on_card(const QueueState& queue, const void* from, std::size_t bytes, std::string_view what) {
    const auto* const first = static_cast<const std::byte*>(from);
    for (const Block& block : queue.memory)
        if (std::less_equal<>()(static_cast<const std::byte*>(block.data), first) && bytes <= block.bytes &&
            first <= block.data + (block.bytes - bytes))
            return true;
    complain(gpu::card_name(queue.card) + ": " + std::string(what) + " outside of the queue's memory");
    return false;
}

const FakeMachine::Block* FakeMachine::pinned(const void* from) const {
    const auto* const first = static_cast<const std::byte*>(from);
    const auto above = m_pinned.upper_bound(first);
    if (above == m_pinned.begin()) return nullptr;
    const Block& block = std::prev(above)->second;
    return first < block.data + block.bytes ? &block : nullptr;
}

bool FakeMachine::is_pinned(const void* from) const {
    const std::scoped_lock lock(m_mutex);
    return from != nullptr && pinned(from) != nullptr;
}

bool FakeMachine::on_host(const void* from, std::size_t bytes) {
    const std::scoped_lock lock(m_mutex);
    const Block* const block = pinned(from);
    // In ordinary memory the sanitizers see what is wrong.
    if (block == nullptr) return true;
    const bool inside = static_cast<const std::byte*>(from) + bytes <= block->data + block->bytes;
    if (!inside) m_complaints.emplace_back("a copy beyond the end of pinned memory");
    if (block->gone) m_complaints.emplace_back("a copy from or to pinned memory that was freed");
    return inside;
}

void FakeMachine::flip(Card& card, void* memory, std::size_t bytes) {
    ++m_flips;
    static_cast<std::byte*>(memory)[card.random.below(bytes)] ^= static_cast<std::byte>(1U << card.random.below(8));
}

std::vector<std::string> FakeMachine::complaints() {
    std::size_t abandoned = 0;
    for (const auto& card : m_cards) {
        const std::scoped_lock lock(card->mutex);
        for (const auto& queue : card->queues) {
            if (!queue->closed) complain(gpu::card_name(queue->card) + ": a queue is still open");
            if (!queue->abandoned) continue;
            ++abandoned;
            // Pageable memory was read when the copy was asked for, since a card cannot reach it; it may be gone.
            for (const Work& work : queue->work)
                if (is_pinned(work.on_host)) copy(*card, *queue, work);
            queue->work.clear();
        }
    }
    const std::scoped_lock lock(m_mutex);
    const auto taken =
        static_cast<std::size_t>(std::ranges::count_if(m_pinned, [](const auto& entry) { return entry.second.alive; }));
    // A lane that was given up keeps its tables and its results.
    if (taken > 2 * abandoned)
        m_complaints.push_back(std::to_string(taken) + " buffers of pinned memory are still taken, and " +
                               std::to_string(abandoned) + " lanes were given up");
    return m_complaints;
}

}    // namespace filfil::test
