// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/snapshot_files.hpp"

#include "car/sink.hpp"
#include "snapshot/file_name.hpp"
#include "snapshot/output.hpp"

#include <memory>
#include <utility>

namespace filfil::service {
namespace {

/// Files that get their names together.
class Together {
public:
    explicit Together(Files& files) : m_files(files) {}

    Result<OutputFile*> create(const std::string& path) {
        FILFIL_TRY(auto file, m_files.create(path));
        m_open.emplace_back(path, std::move(file));
        return m_open.back().second.get();
    }

    Result<std::vector<std::string>> commit(const std::stop_token& stop) {
        std::vector<std::string> out;
        for (auto& [path, file] : m_open) {
            auto done =
                stop.stop_requested() ? Error(ErrorCode::cancelled, path + ": writing it was stopped") : file->commit();
            if (!done.ok()) {
                for (const std::string& made : out) (void)m_files.remove(made);
                return std::move(done).error();
            }
            out.push_back(path);
        }
        return out;
    }

private:
    Files& m_files;
    std::vector<std::pair<std::string, std::unique_ptr<OutputFile>>> m_open;
};

class Sum final : public car::ByteSink {
public:
    [[nodiscard]] Result<void> write(ByteView bytes) override {
        m_sha256.update(bytes);
        return {};
    }
    ipld::Digest256 finish() { return m_sha256.finish(); }

private:
    ipld::Sha256Stream m_sha256;
};

}    // namespace

Result<std::vector<std::string>> write_snapshot_files(const snapshot::SectionSource& source,
                                                      const std::vector<car::BodyRange>& ranges, Files& files,
                                                      const snapshot::Target& target, unsigned compressors,
                                                      Progress* progress, const std::stop_token& stop) {
    using Kind = snapshot::Target::Kind;
    Together together(files);
    const snapshot::WriteOptions options{.compressors = compressors, .progress = progress, .stop = stop};
    if (target.kind == Kind::file) {
        FILFIL_TRY(OutputFile* const file, together.create(target.path));
        car::FileSink sink(*file);
        FILFIL_CHECK(snapshot::write_car(source, target.compression, sink, options));
    } else if (target.kind == Kind::pieces) {
        if (!target.path.empty()) FILFIL_CHECK(files.make_folders(target.path));
        for (std::size_t i = 0; i < ranges.size(); ++i) {
            const std::string name = snapshot::piece_file_name(target.stem, i + 1, ranges.size());
            FILFIL_TRY(OutputFile* const file, together.create(join_path(target.path, name)));
            car::FileSink sink(*file);
            FILFIL_CHECK(snapshot::write_range(source, ranges[i], sink, options));
        }
    }
    return together.commit(stop);
}

Result<ipld::Digest256> sha256_of(const snapshot::SectionSource& source, Progress* progress,
                                  const std::stop_token& stop) {
    Sum sum;
    FILFIL_CHECK(snapshot::write_range(source, {0, source.body_size()}, sum,
                                       {.packing = nullptr, .progress = progress, .stop = stop}));
    return sum.finish();
}

Result<std::size_t> remove_parts(Files& files, const std::string& folder) {
    std::size_t out = 0;
    const auto names = files.list(folder);
    if (!names.ok()) {
        if (names.error().code == ErrorCode::not_found) return out;
        return names.error();
    }
    for (const std::string& name : *names) {
        if (!name.ends_with(".part")) continue;
        FILFIL_CHECK(files.remove(join_path(folder, name)));
        ++out;
    }
    return out;
}

}    // namespace filfil::service
