// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/piece_compare.hpp"

#include "base/units.hpp"
#include "ipld/multihash.hpp"
#include "ipld/varint.hpp"
#include "service/market/section_walk.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace filfil::service {
namespace {

/// A length and a CID of any chain's block.
constexpr std::uint64_t section_front = 256;

/// Sections above it are named, and not hashed: blocks of chains have 2 MiB at most.
constexpr std::uint64_t largest_section = 4 * MiB;

/// Length and CID at the front of a section, and whether its block is sound where all of it is there.
PieceSide side_of(ByteView bytes) {
    PieceSide out;
    const auto length = ipld::read_varint(bytes);
    if (!length.ok() || length->value == 0) return out;
    const ByteView content = bytes.subspan(length->length);
    auto cid = ipld::Cid::read(content);
    if (!cid.ok() || cid->bytes().size() > length->value) return out;
    out.length = length->length + length->value;
    if (content.size() >= length->value) {
        const ByteView block = content.first(static_cast<std::size_t>(length->value)).subspan(cid->bytes().size());
        if (const auto same = ipld::matches(cid->hash(), block); same.ok()) out.sound = *same;
    }
    out.block = *std::move(cid);
    return out;
}

std::optional<std::uint64_t> length_field(const HttpResponse& response) {
    const auto field = find_field(response.fields, "Content-Length");
    std::uint64_t out = 0;
    if (!field || field->empty()) return std::nullopt;
    const auto read = std::from_chars(field->data(), field->data() + field->size(), out);
    if (read.ec != std::errc() || read.ptr != field->data() + field->size()) return std::nullopt;
    return out;
}

class Comparison : public std::enable_shared_from_this<Comparison> {
public:
    Comparison(World& world, std::shared_ptr<WorkerQueue> queue, ComparedPieces pieces,
               std::shared_ptr<JobContext> context, std::function<void(Result<PieceDifference>)> done)
        : m_world(world),
          m_queue(std::move(queue)),
          m_pieces(std::move(pieces)),
          m_context(std::move(context)),
          m_done(std::move(done)),
          m_common(std::min(m_pieces.own->size(), m_pieces.other_size)) {}

    void run() {
        m_context->set_total(m_common);
        m_world.loop.post([self = shared_from_this()] { self->next_server(); });
    }

private:
    using Then = std::function<void(const HttpResponse&)>;

    [[nodiscard]] const ServedEndpoint& server() const { return m_pieces.servers[m_server]; }

    void next_server() {
        if (stopped()) return;
        if (m_server == m_pieces.servers.size()) return end();
        ask("HEAD", {}, [self = shared_from_this()](const HttpResponse& response) {
            if (response.status == 404) return self->fail("it does not have the piece: 404");
            if (response.status != 200)
                return self->fail("asked for the piece's size it answers " + std::to_string(response.status));
            const auto size = length_field(response);
            if (!size || *size != self->m_pieces.other_size)
                return self->fail("it has " + (size ? std::to_string(*size) + " bytes" : std::string("no length")) +
                                  " for the piece, and what was staged has " +
                                  std::to_string(self->m_pieces.other_size));
            self->go_on();
        });
    }

    /// The server is of no use.
    void fail(std::string why) {
        m_found.failed.push_back({server().base, std::move(why)});
        ++m_server;
        next_server();
    }

    void ask(const char* method, HttpFields fields, Then then) {
        ClientOptions options;
        options.body_limit = 2 * std::max(m_pieces.range, largest_section);
        const Url url = place_at(server(), "/piece/" + m_pieces.other.text());
        HttpRequest request{.method = method, .target = url.target, .fields = std::move(fields)};
        m_world.transport.request(
            url, std::move(request), options,
            [&loop = m_world.loop, self = shared_from_this(), then = std::move(then)](Result<HttpResponse> response) {
                loop.post([self, then, response = std::move(response)] {
                    if (self->stopped()) return;
                    if (!response.ok()) return self->fail(response.error().message);
                    then(*response);
                });
            });
    }

    /// Bytes of the other, all of them or the server fails.
    void ask_range(std::uint64_t from, std::uint64_t length, Then then) {
        const std::string last = std::to_string(from + length - 1);
        const std::string range = std::to_string(from) + "-" + last;
        ask("GET", {{"Range", "bytes=" + range}},
            [self = shared_from_this(), range, length, then = std::move(then)](const HttpResponse& response) {
                const auto told = find_field(response.fields, "Content-Range");
                const bool whole = response.status == 200 && length == self->m_pieces.other_size;
                const bool right =
                    whole || (response.status == 206 && told &&
                              *told == "bytes " + range + "/" + std::to_string(self->m_pieces.other_size));
                if (!right || response.body.size() != length)
                    return self->fail("asked for the bytes " + range + " it answers " +
                                      std::to_string(response.status) + " with " +
                                      std::to_string(response.body.size()) + " bytes");
                then(response);
            });
    }

    void go_on() {
        if (stopped()) return;
        if (m_found.compared == m_common) {
            m_found.from = server().base;
            if (m_pieces.own->size() == m_pieces.other_size)
                end();
            else
                parted();
            return;
        }
        const std::uint64_t length = std::min(m_pieces.range, m_common - m_found.compared);
        ask_range(m_found.compared, length, [self = shared_from_this()](const HttpResponse& response) {
            self->compare(std::make_shared<const std::string>(response.body));
        });
    }

    void compare(const std::shared_ptr<const std::string>& body) {
        m_queue->run(
            [self = shared_from_this(), body]() -> Result<std::uint64_t> {
                const ByteView other = bytes_of(*body);
                Bytes own(other.size());
                FILFIL_CHECK(self->m_pieces.own->read(self->m_found.compared, own));
                const auto same = std::ranges::mismatch(own, other).in1 - own.begin();
                self->m_walk.feed(ByteView(own).first(static_cast<std::size_t>(same)));
                return static_cast<std::uint64_t>(same);
            },
            [self = shared_from_this(), body](const Result<std::uint64_t>& same) {
                if (self->stopped()) return;
                if (!same.ok()) return self->end(same.error());
                self->m_found.compared += *same;
                self->m_context->advance(*same);
                // What another server gave here may have been wrong.
                self->m_found.offset.reset();
                self->m_found.section.reset();
                self->m_found.own = {};
                self->m_found.other = {};
                if (*same == body->size()) return self->go_on();
                self->m_found.from = self->server().base;
                self->parted();
            });
    }

    /// They are the same up to here, and no further.
    void parted() {
        m_found.offset = m_found.compared;
        m_found.in_header = m_walk.in_header();
        if (m_walk.lost()) return end();
        m_found.section = m_walk.begin();
        if (m_found.in_header) return end();
        m_queue->run(
            [own = m_pieces.own, at = m_walk.begin()]() -> Result<PieceSide> {
                if (at >= own->size()) return PieceSide();
                Bytes bytes(static_cast<std::size_t>(std::min(section_front, own->size() - at)));
                FILFIL_CHECK(own->read(at, bytes));
                PieceSide side = side_of(bytes);
                if (!side.block || side.sound || side.length > std::min(largest_section, own->size() - at)) return side;
                bytes.resize(static_cast<std::size_t>(side.length));
                FILFIL_CHECK(own->read(at, bytes));
                return side_of(bytes);
            },
            [self = shared_from_this()](const Result<PieceSide>& side) {
                if (self->stopped()) return;
                if (!side.ok()) return self->end(side.error());
                self->m_found.own = *side;
                self->look_at_other(section_front);
            });
    }

    /// @param wanted of its section's bytes
    void look_at_other(std::uint64_t wanted) {
        const std::uint64_t at = m_walk.begin();
        if (at >= m_pieces.other_size) return end();
        const std::uint64_t rest = m_pieces.other_size - at;
        ask_range(at, std::min(wanted, rest), [self = shared_from_this(), wanted, rest](const HttpResponse& response) {
            const PieceSide side = side_of(bytes_of(response.body));
            self->m_found.other = side;
            const bool more = side.block && !side.sound && side.length > wanted;
            if (more && side.length <= std::min(largest_section, rest)) return self->look_at_other(side.length);
            self->end();
        });
    }

    bool stopped() {
        if (!m_done) return true;
        if (m_context->stop().stop_requested()) {
            end(Error(ErrorCode::cancelled, "the comparison was stopped"));
            return true;
        }
        return false;
    }

    void end() { end(std::move(m_found)); }
    void end(Result<PieceDifference> result) {
        if (const auto done = std::exchange(m_done, nullptr)) done(std::move(result));
    }

    World& m_world;
    std::shared_ptr<WorkerQueue> m_queue;
    ComparedPieces m_pieces;
    std::shared_ptr<JobContext> m_context;
    std::function<void(Result<PieceDifference>)> m_done;
    const std::uint64_t m_common;
    SectionWalk m_walk;    ///< of the bytes that are the same; one after the other on the queue and on the loop
    PieceDifference m_found;
    std::size_t m_server = 0;
};

}    // namespace

void compare_pieces(World& world, std::shared_ptr<WorkerQueue> queue, ComparedPieces pieces,
                    std::shared_ptr<JobContext> context, std::function<void(Result<PieceDifference>)> done) {
    std::make_shared<Comparison>(world, std::move(queue), std::move(pieces), std::move(context), std::move(done))
        ->run();
}

}    // namespace filfil::service
