// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "reference_blocks.hpp"

#include "car/header.hpp"
#include "car/reader.hpp"
#include "ipld/varint.hpp"

namespace filfil::reference {
namespace {

Result<LoadedCar> load(car::Reader reader) {
    LoadedCar out;
    out.roots = reader.header().roots;
    for (;;) {
        FILFIL_TRY(const auto section, reader.next());
        if (!section) return out;
        out.order.push_back(section->cid_copy());
        out.blocks.emplace(out.order.back(), to_bytes(section->data));
    }
}

}    // namespace

Result<LoadedCar> load_car(Files& files, const std::string& path) {
    FILFIL_TRY(car::Reader reader, car::Reader::open(files, path));
    return load(std::move(reader));
}

Result<LoadedCar> load_car(ByteView bytes) {
    FILFIL_TRY(car::Reader reader, car::Reader::open(memory_file("memory.car", bytes)));
    return load(std::move(reader));
}

Bytes car_bytes(const Blocks& blocks, const std::vector<ipld::Cid>& roots, const std::vector<ipld::Cid>& order) {
    Bytes out = car::encode_header(roots);
    for (const ipld::Cid& cid : order) {
        const Bytes& data = blocks.at(cid);
        ipld::append_varint(out, cid.bytes().size() + data.size());
        out.insert(out.end(), cid.bytes().begin(), cid.bytes().end());
        out.insert(out.end(), data.begin(), data.end());
    }
    return out;
}

}    // namespace filfil::reference
