// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/join.hpp"

#include "car/split.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

namespace filfil::car {
namespace {

/// A number without sign or leading zeros.
std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size() || text.starts_with('0')) return std::nullopt;
    return value;
}

Error bad_parts(std::string message) {
    return {ErrorCode::invalid_argument, std::move(message), "give all parts of one CAR, each of them once"};
}

/// A path that leads to the same file as the output would be overwritten while it is read.
Result<void> check_output(Files& files, const std::vector<std::string>& parts, const std::string& output) {
    const auto there = files.info(output);
    if (!there.ok()) return {};
    for (const std::string& part : parts) {
        const auto info = files.info(part);
        const bool same = info.ok() && info->inode != 0 && info->inode == there->inode && info->device == there->device;
        if (same || part == output)
            return Error(ErrorCode::invalid_argument, output + ": is one of the parts that are joined into it",
                         "give another output path");
    }
    return {};
}

Result<void> append_part(Reader& reader, OutputFile& file, const std::stop_token& stop) {
    Batch batch;
    for (;;) {
        if (stop.stop_requested())
            return Error(ErrorCode::cancelled, reader.name() + ": stopped before all parts were joined");
        FILFIL_TRY(const bool more, reader.read(batch));
        if (!more) return {};
        FILFIL_CHECK(file.write(batch.bytes()));
    }
}

}    // namespace

std::optional<PartName> parse_part_name(std::string_view path) {
    const std::string name = car_stem(path);
    const std::size_t dot = name.rfind(".p");
    if (dot == std::string::npos || dot == 0) return std::nullopt;
    const std::string_view numbers = std::string_view(name).substr(dot + 2);
    const std::size_t of = numbers.find("of");
    if (of == std::string_view::npos) return std::nullopt;
    const auto number = parse_number(numbers.substr(0, of));
    const auto count = parse_number(numbers.substr(of + 2));
    if (!number || !count || *number > *count) return std::nullopt;
    return PartName{name.substr(0, dot), *number, *count};
}

Result<std::vector<std::string>> order_parts(std::span<const std::string> parts) {
    std::vector<std::pair<PartName, std::string>> numbered;
    for (const std::string& part : parts)
        if (auto name = parse_part_name(part)) numbered.emplace_back(*std::move(name), part);
    if (numbered.empty()) return std::vector(parts.begin(), parts.end());
    if (numbered.size() != parts.size())
        return bad_parts("some parts have numbered names, such as " + numbered[0].second + ", and others have not");

    std::ranges::sort(numbered, {}, [](const auto& entry) { return entry.first.number; });
    const PartName& first = numbered[0].first;
    std::vector<std::string> ordered;
    for (const auto& [name, part] : numbered) {
        if (name.stem != first.stem || name.count != first.count)
            return bad_parts(part + " and " + numbered[0].second + " are by their names parts of different CARs");
        if (name.number <= ordered.size())
            return bad_parts("part " + std::to_string(name.number) + " is given twice: " + part);
        if (name.number != ordered.size() + 1)
            return bad_parts("part " + std::to_string(ordered.size() + 1) + " of " + std::to_string(first.count) +
                             " is missing");
        ordered.push_back(part);
    }
    if (ordered.size() != first.count)
        return bad_parts("part " + std::to_string(ordered.size() + 1) + " of " + std::to_string(first.count) +
                         " is missing");
    return ordered;
}

Result<JoinReport> join(Files& files, std::span<const std::string> parts, const std::string& output,
                        const JoinOptions& options) {
    JoinReport report;
    if (parts.empty()) return bad_parts("there are no parts to join");
    FILFIL_TRY(report.parts, order_parts(parts));
    FILFIL_CHECK(check_output(files, report.parts, output));

    std::unique_ptr<OutputFile> file;
    Bytes header;
    for (const std::string& part : report.parts) {
        FILFIL_TRY(Reader reader, Reader::open(files, part, options.reader));
        if (file == nullptr) {
            header = reader.header().bytes;
            FILFIL_TRY(file, files.create(output));
            FILFIL_CHECK(file->write(header));
            report.bytes = header.size();
        }
        if (reader.header().bytes != header)
            return Error(ErrorCode::mismatch,
                         part + ": has another CAR header than " + report.parts[0] + ", so it is a part of another CAR",
                         "give the parts of one CAR only");
        FILFIL_CHECK(append_part(reader, *file, options.stop));
        report.blocks += reader.sections();
        report.bytes += reader.good_bytes() - header.size();
    }
    FILFIL_CHECK(file->commit());
    return report;
}

}    // namespace filfil::car
