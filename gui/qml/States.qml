// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma Singleton
import QtQuick

/*! The tone and the glyph of every state that the daemon names: what is shown is never a colour alone. */
QtObject {
    readonly property var tones: ({
        // the daemon and the chain
        synced: "good", catching_up: "info", bootstrapping: "info", node_lost: "bad", rebootstrap_needed: "bad",
        // jobs
        queued: "idle", running: "info", done: "good", failed: "bad", cancelled: "idle",
        // deals
        planned: "idle", snapshot: "info", commp: "info", proposing: "info", proposed: "info", fetching: "info",
        publishing: "info", sealing: "violet", proven: "good", notified: "good", paid: "good", missed: "bad",
        // windows and holdings
        future: "idle", ahead: "idle", open: "warning", building: "warning", published: "info", active: "good", stored: "good",
        dead: "bad", disputed: "warning", reassigned: "idle", skipped: "idle", ended: "idle", none: "idle",
        // standings
        leaving: "warning", left: "idle", removed: "bad", unknown: "idle",
        // preflight, self-tests and levels
        good: "good", ok: "good", passed: "good", warning: "warning", bad: "bad", error: "bad", info: "idle", debug: "idle",
        // outcomes of a claim
        would_send: "info", sent: "good", under_way: "info", nothing_due: "idle", not_worth_it: "idle", not_active_yet: "warning",
        // transactions
        checking: "info", preparing: "info", sending: "info", pending: "info", included: "good", finishing: "good",
        // the verifier, and where a snapshot is
        matches: "good", differs: "bad", hashed: "idle", memory: "good", file: "info", recorded: "idle", forgotten: "idle",
        // policies, and what a hold is for
        automatic: "good", ask: "info", skip: "idle", user: "info", take: "info", schedule: "violet"
    })
    readonly property var glyphs: ({
        synced: "check", catching_up: "refresh", bootstrapping: "download", node_lost: "unlink",
        queued: "clock", running: "play", cancelled: "minus", planned: "clock", sealing: "hammer", paid: "coin",
        fetching: "download", publishing: "upload", proposing: "arrow-right", proposed: "arrow-right", snapshot: "snapshots",
        commp: "verifier", future: "dashed", ahead: "dashed", open: "clock", building: "hammer", skipped: "minus",
        reassigned: "cut", disputed: "warning", memory: "devices", file: "file", recorded: "verifier", hashed: "verifier", automatic: "play", skip: "minus",
        debug: "dot", info: "info", ended: "minus"
    })

    function tone(name: string): string {
        return tones[name] ?? "idle"
    }

    function glyph(name: string): string {
        return glyphs[name] ?? ({ good: "check", warning: "warning", bad: "cross", info: "dot", violet: "dot" })[tone(name)] ?? "dashed"
    }
}
