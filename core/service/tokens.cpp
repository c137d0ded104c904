// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/tokens.hpp"

#include "base/units.hpp"
#include "service/data_folder.hpp"

#include <algorithm>

namespace filfil::service {
namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::uint64_t longest_token = 8 * KiB;

Result<void> write_token(Files& files, const std::string& path, const std::string& token) {
    FILFIL_TRY(const std::unique_ptr<OutputFile> file, files.create_private(path));
    FILFIL_CHECK(file->write(bytes_of(token + "\n")));
    return file->commit();
}

Result<std::string> own_token(Files& files, const std::string& path, const std::string& fresh, LogSink& log) {
    const auto info = files.info(path);
    if (!info.ok() && info.error().code == ErrorCode::not_found) {
        FILFIL_CHECK(write_token(files, path, fresh));
        return fresh;
    }
    auto token = read_token(files, path);
    if (!token.ok()) {
        Error error = std::move(token).error();
        if (error.code == ErrorCode::invalid_argument || error.code == ErrorCode::too_large)
            error.remedy = "remove the file: a new token is made at the next start";
        return error;
    }
    if (info.ok() && info->open_to_others)
        log.write(LogLevel::warning, "service",
                  path + ": other users of this machine can read this token; run chmod 600 on it");
    return token;
}

}    // namespace

Tokens make_tokens(Random& random) {
    const auto one = [&] {
        Bytes bytes(token_bytes);
        random.fill(bytes);
        return to_hex(bytes);
    };
    std::string read = one();
    return {std::move(read), one()};
}

Result<Tokens> open_tokens(Files& files, const std::string& folder, const Tokens& fresh, LogSink& log) {
    const DataPaths paths(folder);
    Tokens out;
    FILFIL_TRY(out.read, own_token(files, paths.token_read, fresh.read, log));
    FILFIL_TRY(out.admin, own_token(files, paths.token_admin, fresh.admin, log));
    if (out.read == out.admin)
        return Error(
            ErrorCode::invalid_argument,
            paths.token_read + " and " + paths.token_admin + " are the same, so everybody who may look may change",
            "remove one of them: a new token is made at the next start");
    return out;
}

Result<std::string> read_token(Files& files, const std::string& path) {
    FILFIL_TRY(const std::unique_ptr<ReadableFile> file, files.open(path));
    FILFIL_TRY(const Bytes bytes, read_all(*file, longest_token));
    const auto bad = [&](std::string_view why) {
        return Error(ErrorCode::invalid_argument, path + ": no token: it " + std::string(why),
                     "put the token, and nothing else, on one line of the file");
    };
    std::string_view text = chars_of(bytes);
    constexpr std::string_view space = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(space);
    if (begin == std::string_view::npos) return bad("is empty");
    text = text.substr(begin, text.find_last_not_of(space) - begin + 1);
    if (text.find('\n') != std::string_view::npos) return bad("has more than one line");
    const auto unfit = [](char c) { return c <= ' ' || c > '~'; };
    if (const auto at = std::ranges::find_if(text, unfit); at != text.end())
        return bad("has a character at place " + std::to_string(at - text.begin() + 1) +
                   " that cannot stand in a header of HTTP");
    return std::string(text);
}

}    // namespace filfil::service
