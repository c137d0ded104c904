// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/retrieval_probe.hpp"

#include "base/units.hpp"
#include "car/header.hpp"
#include "ipld/varint.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace filfil::service {
namespace {

constexpr std::uint64_t longest_range = 64 * KiB;
constexpr std::uint64_t header_room = 4 * KiB;

struct Range {
    const char* name;
    std::uint64_t from = 0;
    std::uint64_t length = 0;
};

std::vector<Range> ranges_of(std::uint64_t size, Random& random) {
    const std::uint64_t length = std::clamp<std::uint64_t>(size / 4, 1, longest_range);
    const std::uint64_t first = std::min(size, std::max(length, header_room));
    return {{"first", 0, first}, {"last", size - length, length}, {"middle", random.below(size - length + 1), length}};
}

std::string text_of(const Range& range) {
    return std::string("the ") + range.name + " " + std::to_string(range.length) + " bytes";
}

std::optional<std::uint64_t> length_field(const HttpResponse& response) {
    const auto field = find_field(response.fields, "Content-Length");
    std::uint64_t out = 0;
    if (!field || field->empty()) return std::nullopt;
    const auto read = std::from_chars(field->data(), field->data() + field->size(), out);
    if (read.ec != std::errc() || read.ptr != field->data() + field->size()) return std::nullopt;
    return out;
}

/// Why an answer is not the one that was asked for; nothing where it is.
std::optional<std::string> fault_of(const HttpResponse& response, const Range& range, std::uint64_t size) {
    if (response.status == 200 && range.length < size)
        return "asked for " + text_of(range) + " it sends the whole: it does not serve ranges";
    if (response.status != 206 && response.status != 200)
        return "asked for " + text_of(range) + " it answers " + std::to_string(response.status);
    if (response.body.size() != range.length)
        return "asked for " + text_of(range) + " it sends " + std::to_string(response.body.size());
    if (response.status == 200) return std::nullopt;
    const auto told = find_field(response.fields, "Content-Range");
    const std::string wanted = "bytes " + std::to_string(range.from) + "-" +
                               std::to_string(range.from + range.length - 1) + "/" + std::to_string(size);
    if (!told || *told != wanted) return "asked for " + text_of(range) + " it says that it sends others";
    return std::nullopt;
}

/// The same for a header, as far as the bytes go.
std::optional<std::string> header_fault(std::string_view body, const std::optional<ipld::Cid>& root) {
    const std::string none = "its first bytes are no CAR header";
    const ByteView bytes = bytes_of(body);
    const auto length = ipld::read_varint(bytes);
    if (!length.ok() || length->value == 0) return none;
    if (length->value > bytes.size() - length->length)
        return bytes.size() < header_room ? std::optional(none) : std::nullopt;
    const auto fields = car::decode_header(bytes.subspan(length->length, length->value));
    if (!fields.ok()) return none + ": " + fields.error().message;
    if (fields->version != 1 || fields->roots.empty()) return none + " of version 1 with a root";
    if (root && fields->roots.front() != *root)
        return "its CAR has the root " + fields->roots.front().text() + ", the snapshot that was staged " +
               root->text();
    return std::nullopt;
}

class Probe : public std::enable_shared_from_this<Probe> {
public:
    Probe(World& world, std::shared_ptr<WorkerQueue> queue, retrieval::Catalog& catalog, ProbedPiece piece,
          std::function<void(ProbeResult)> done)
        : m_world(world),
          m_queue(std::move(queue)),
          m_catalog(catalog),
          m_piece(std::move(piece)),
          m_url(place_at(m_piece.endpoint, "/piece/" + m_piece.piece_cid.text())),
          m_done(std::move(done)) {}

    void run() {
        m_begun = m_world.clock.steady();
        if (m_piece.payload_size == 0)
            return m_world.loop.post([self = shared_from_this()] { self->end("the piece has no bytes"); });
        m_ranges = ranges_of(m_piece.payload_size, m_world.random);
        ask("HEAD", {}, [](Probe& self, const HttpResponse& response) { self.look_at_size(response); });
    }

private:
    using Then = void (*)(Probe& self, const HttpResponse& response);

    void ask(const char* method, HttpFields fields, Then then) {
        ClientOptions options;
        options.body_limit = 2 * longest_range;
        HttpRequest request{.method = method, .target = m_url.target, .fields = std::move(fields)};
        m_world.transport.request(
            m_url, std::move(request), options,
            [&loop = m_world.loop, self = shared_from_this(), then](Result<HttpResponse> response) {
                loop.post([self, then, response = std::move(response)] {
                    if (response.ok()) return then(*self, *response);
                    if (response.error().code == ErrorCode::too_large)
                        return self->end("it sends more than was asked for: it does not serve ranges");
                    self->end(response.error().message);
                });
            });
    }

    void look_at_size(const HttpResponse& response) {
        if (response.status == 404) return end("it does not have the piece: 404");
        if (response.status != 200)
            return end("asked for the piece's size it answers " + std::to_string(response.status));
        const auto size = length_field(response);
        if (!size) return end("it does not say how large the piece is");
        if (*size != m_piece.payload_size)
            return end("it says that the piece has " + std::to_string(*size) + " bytes, but what was staged has " +
                       std::to_string(m_piece.payload_size));
        ask_range();
    }

    void ask_range() {
        const Range& range = m_ranges[m_next];
        const std::string text =
            "bytes=" + std::to_string(range.from) + "-" + std::to_string(range.from + range.length - 1);
        ask("GET", {{"Range", text}}, [](Probe& self, const HttpResponse& got) { self.look_at_range(got); });
    }

    void look_at_range(const HttpResponse& response) {
        const Range& range = m_ranges[m_next];
        if (const auto fault = fault_of(response, range, m_piece.payload_size)) return end(*fault);
        if (m_next == 0)
            if (const auto fault = header_fault(response.body, m_piece.root)) return end(*fault);
        // What is here may lie on a disk.
        m_queue->run(
            [&catalog = m_catalog, cid = m_piece.piece_cid, range, size = m_piece.payload_size] {
                const std::optional<Bytes> none;
                const auto found = catalog.find(cid);
                if (!found.ok() || !*found || (*found)->bytes == nullptr || (*found)->payload_size != size) return none;
                Bytes own(range.length);
                return (*found)->bytes->read(range.from, own).ok() ? std::optional(std::move(own)) : none;
            },
            [self = shared_from_this(), body = response.body](const std::optional<Bytes>& own) {
                self->compare(bytes_of(body), own);
            });
    }

    void compare(ByteView body, const std::optional<Bytes>& own) {
        if (own) {
            m_compared = true;
            if (!std::ranges::equal(body, *own)) {
                const auto place = std::ranges::mismatch(body, *own).in1 - body.begin();
                return end(text_of(m_ranges[m_next]) + " that it sends are others than those here, from byte " +
                           std::to_string(m_ranges[m_next].from + static_cast<std::uint64_t>(place)) + " on");
            }
        }
        if (++m_next < m_ranges.size()) return ask_range();
        end({});
    }

    void end(std::string why) {
        const auto done = std::exchange(m_done, nullptr);
        if (!done) return;
        done({.ok = why.empty(),
              .why = std::move(why),
              .compared = m_compared,
              .took = m_world.clock.steady() - m_begun});
    }

    World& m_world;
    std::shared_ptr<WorkerQueue> m_queue;
    retrieval::Catalog& m_catalog;
    ProbedPiece m_piece;
    Url m_url;
    std::function<void(ProbeResult)> m_done;
    Clock::Duration m_begun{};
    std::vector<Range> m_ranges;
    std::size_t m_next = 0;
    bool m_compared = false;
};

}    // namespace

void probe_retrieval(World& world, std::shared_ptr<WorkerQueue> queue, retrieval::Catalog& catalog, ProbedPiece piece,
                     std::function<void(ProbeResult)> done) {
    std::make_shared<Probe>(world, std::move(queue), catalog, std::move(piece), std::move(done))->run();
}

}    // namespace filfil::service
