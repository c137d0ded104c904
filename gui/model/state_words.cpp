// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/format.hpp"

#include <QCoreApplication>
#include <QHash>
#include <QtGlobal>

namespace filfil::gui {
namespace {

struct Word {
    const char* name;
    const char* text;
};

/// Every state, stage and standing that docs/api.md names.
constexpr Word words[] = {
    {"bootstrapping", QT_TRANSLATE_NOOP("State", "loading the chain")},
    {"catching_up", QT_TRANSLATE_NOOP("State", "catching up")},
    {"synced", QT_TRANSLATE_NOOP("State", "in sync")},
    {"node_lost", QT_TRANSLATE_NOOP("State", "node lost")},
    {"rebootstrap_needed", QT_TRANSLATE_NOOP("State", "a new snapshot is needed")},
    {"failed", QT_TRANSLATE_NOOP("State", "failed")},
    {"queued", QT_TRANSLATE_NOOP("State", "queued")},
    {"running", QT_TRANSLATE_NOOP("State", "running")},
    {"done", QT_TRANSLATE_NOOP("State", "done")},
    {"cancelled", QT_TRANSLATE_NOOP("State", "cancelled")},
    {"planned", QT_TRANSLATE_NOOP("State", "planned")},
    {"snapshot", QT_TRANSLATE_NOOP("State", "taking the snapshot")},
    {"commp", QT_TRANSLATE_NOOP("State", "comparing pieces")},
    {"proposing", QT_TRANSLATE_NOOP("State", "proposing")},
    {"proposed", QT_TRANSLATE_NOOP("State", "proposed")},
    {"fetching", QT_TRANSLATE_NOOP("State", "being fetched")},
    {"publishing", QT_TRANSLATE_NOOP("State", "publishing")},
    {"sealing", QT_TRANSLATE_NOOP("State", "sealing")},
    {"proven", QT_TRANSLATE_NOOP("State", "proven")},
    {"notified", QT_TRANSLATE_NOOP("State", "stored")},
    {"paid", QT_TRANSLATE_NOOP("State", "paid")},
    {"missed", QT_TRANSLATE_NOOP("State", "missed")},
    {"future", QT_TRANSLATE_NOOP("State", "future")},
    {"ahead", QT_TRANSLATE_NOOP("State", "ahead")},
    {"open", QT_TRANSLATE_NOOP("State", "open")},
    {"closed", QT_TRANSLATE_NOOP("State", "closed")},
    {"building", QT_TRANSLATE_NOOP("State", "building")},
    {"published", QT_TRANSLATE_NOOP("State", "deal published")},
    {"stored", QT_TRANSLATE_NOOP("State", "stored")},
    {"disputed", QT_TRANSLATE_NOOP("State", "disputed")},
    {"reassigned", QT_TRANSLATE_NOOP("State", "reassigned")},
    {"skipped", QT_TRANSLATE_NOOP("State", "skipped")},
    {"active", QT_TRANSLATE_NOOP("State", "active")},
    {"dead", QT_TRANSLATE_NOOP("State", "lost")},
    {"leaving", QT_TRANSLATE_NOOP("State", "leaving")},
    {"left", QT_TRANSLATE_NOOP("State", "left")},
    {"removed", QT_TRANSLATE_NOOP("State", "removed")},
    {"none", QT_TRANSLATE_NOOP("State", "none")},
    {"unknown", QT_TRANSLATE_NOOP("State", "unknown")},
    {"ask", QT_TRANSLATE_NOOP("State", "ask")},
    {"automatic", QT_TRANSLATE_NOOP("State", "automatic")},
    {"skip", QT_TRANSLATE_NOOP("State", "skip")},
    {"memory", QT_TRANSLATE_NOOP("State", "in memory")},
    {"file", QT_TRANSLATE_NOOP("State", "in a file")},
    {"recorded", QT_TRANSLATE_NOOP("State", "hashed only")},
    {"warning", QT_TRANSLATE_NOOP("State", "warning")},
    {"error", QT_TRANSLATE_NOOP("State", "error")},
    {"info", QT_TRANSLATE_NOOP("State", "info")},
    {"debug", QT_TRANSLATE_NOOP("State", "debug")},
    {"good", QT_TRANSLATE_NOOP("State", "good")},
    {"bad", QT_TRANSLATE_NOOP("State", "bad")},
    {"matches", QT_TRANSLATE_NOOP("State", "matches")},
    {"differs", QT_TRANSLATE_NOOP("State", "differs")},
    {"hashed", QT_TRANSLATE_NOOP("State", "hashed")},
    {"checking", QT_TRANSLATE_NOOP("State", "checking")},
    {"preparing", QT_TRANSLATE_NOOP("State", "preparing")},
    {"sending", QT_TRANSLATE_NOOP("State", "sending")},
    {"pending", QT_TRANSLATE_NOOP("State", "pending")},
    {"included", QT_TRANSLATE_NOOP("State", "on the chain")},
    {"finishing", QT_TRANSLATE_NOOP("State", "finishing")},
    {"would_send", QT_TRANSLATE_NOOP("State", "would be sent")},
    {"sent", QT_TRANSLATE_NOOP("State", "sent")},
    {"under_way", QT_TRANSLATE_NOOP("State", "under way")},
    {"nothing_due", QT_TRANSLATE_NOOP("State", "nothing due")},
    {"not_worth_it", QT_TRANSLATE_NOOP("State", "not worth its gas")},
    {"not_active_yet", QT_TRANSLATE_NOOP("State", "not active yet")},
    {"ended", QT_TRANSLATE_NOOP("State", "ended")},
    {"forgotten", QT_TRANSLATE_NOOP("State", "forgotten")},
    {"user", QT_TRANSLATE_NOOP("State", "asked for")},
    {"take", QT_TRANSLATE_NOOP("State", "taking the snapshot")},
    {"schedule", QT_TRANSLATE_NOOP("State", "schedule")},
    {"ok", QT_TRANSLATE_NOOP("State", "in order")},
    {"passed", QT_TRANSLATE_NOOP("State", "passed")},
    {"verify", QT_TRANSLATE_NOOP("State", "verify")},
    {"devices", QT_TRANSLATE_NOOP("State", "benchmark")},
    {"checkpoint", QT_TRANSLATE_NOOP("State", "checkpoint")},
    {"audit", QT_TRANSLATE_NOOP("State", "audit")},
    {"backup", QT_TRANSLATE_NOOP("State", "backup")},
    {"transaction", QT_TRANSLATE_NOOP("State", "transaction")},
    {"compare_pieces", QT_TRANSLATE_NOOP("State", "compare pieces")},
    {"retrieval_test", QT_TRANSLATE_NOOP("State", "retrieval test")},
};

}    // namespace

QString Format::state(const QString& name) const {
    static const QHash<QString, const char*> table = [] {
        QHash<QString, const char*> out;
        for (const Word& word : words) out.insert(QString::fromLatin1(word.name), word.text);
        return out;
    }();
    // What a later daemon says is shown as it is.
    const char* text = table.value(name, nullptr);
    return text == nullptr ? QString(name).replace(u'_', u' ') : QCoreApplication::translate("State", text);
}

}    // namespace filfil::gui
