// SPDX-License-Identifier: Apache-2.0 OR MIT
// make_chain OUTPUT.car SIZE SEED [--events F.jsonl] [--oddities]: writes every block of a generated chain, its forks
// included, as a CARv1 in the order in which they came to be; its roots are the last head. The events are the changes
// of the head, one JSON array a line: [{"Type": "apply", "Key": ["bafy2…"], "Height": 1}, …].
#include "base/files.hpp"
#include "base/units.hpp"
#include "car/header.hpp"
#include "car/writer.hpp"
#include "chaingen/generator.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace filfil {
namespace {

struct Order {
    std::string car;
    std::string events;
    chaingen::Config config;
};

class CarSink final : public chaingen::BlockSink {
public:
    explicit CarSink(car::Writer& writer) : m_writer(writer) {}
    Result<void> block(ByteView cid, ByteView data) override { return m_writer.block(cid, data); }

private:
    car::Writer& m_writer;
};

std::string line_of(const chain::HeadChanges& changes) {
    std::string line;
    for (const chain::HeadChange& change : changes) {
        line += line.empty() ? "[" : ", ";
        line += "{\"Type\": \"" + std::string(name_of(change.type)) + "\", \"Key\": [";
        for (std::size_t i = 0; i < change.key.size(); ++i)
            line += (i == 0 ? "\"" : ", \"") + change.key[i].text() + "\"";
        line += "], \"Height\": " + std::to_string(change.epoch.value) + "}";
    }
    return line + "]\n";
}

Result<void> make_chain(const Order& order) {
    SystemFiles files;
    FILFIL_TRY(const std::unique_ptr<OutputFile> file, files.create(order.car));
    std::unique_ptr<OutputFile> events;
    if (!order.events.empty()) {
        FILFIL_TRY(events, files.create(order.events));
    }
    car::FileSink bytes(*file);
    car::Writer writer(bytes);
    // The last tipset's blocks are known by number: a header with other roots of their length keeps its place.
    const std::vector<ipld::Cid> unknown(order.config.blocks_per_tipset, ipld::cid_of_block(ipld::Codec::dag_cbor, {}));
    FILFIL_CHECK(writer.header(unknown));
    CarSink sink(writer);
    FILFIL_TRY(chaingen::Generator generator, chaingen::Generator::make(order.config, sink));
    std::uint64_t steps = 0;
    for (;; ++steps) {
        FILFIL_TRY(const chain::HeadChanges changes, generator.next());
        if (changes.empty()) break;
        if (events) FILFIL_CHECK(events->write(bytes_of(line_of(changes))));
    }
    FILFIL_CHECK(writer.finish());
    FILFIL_CHECK(file->write_at(0, car::encode_header(generator.head())));
    FILFIL_CHECK(file->commit());
    if (events) FILFIL_CHECK(events->commit());
    std::printf("%s: %llu blocks, %s, %llu head changes up to epoch %lld, head %s\n", order.car.c_str(),
                static_cast<unsigned long long>(generator.blocks()), format_size(writer.written()).c_str(),
                static_cast<unsigned long long>(steps), static_cast<long long>(generator.epoch().value),
                chain::text_of(generator.head()).c_str());
    return {};
}

Result<Order> read(const std::vector<std::string>& arguments) {
    const Error usage(ErrorCode::invalid_argument, "a file, a size and a seed are needed",
                      "make_chain OUTPUT.car SIZE SEED [--events F.jsonl] [--oddities]");
    if (arguments.size() < 3) return usage;
    FILFIL_TRY(const std::uint64_t size, parse_size(arguments[1]));
    FILFIL_TRY(const std::uint64_t seed, parse_size(arguments[2]));
    Order order{.car = arguments[0], .events = {}, .config = chaingen::Config::of_size(size, seed)};
    for (std::size_t i = 3; i < arguments.size(); ++i) {
        if (arguments[i] == "--oddities")
            order.config.oddities = true;
        else if (arguments[i] == "--events" && i + 1 < arguments.size())
            order.events = arguments[++i];
        else
            return usage;
    }
    return order;
}

Result<void> run(const std::vector<std::string>& arguments) {
    FILFIL_TRY(const Order order, read(arguments));
    return make_chain(order);
}

}    // namespace
}    // namespace filfil

int main(int count, char** arguments) {
    const filfil::Result<void> done = filfil::run({arguments + 1, arguments + count});
    if (done.ok()) return EXIT_SUCCESS;
    std::fprintf(stderr, "make_chain: %s\n", done.error().text().c_str());
    return EXIT_FAILURE;
}
