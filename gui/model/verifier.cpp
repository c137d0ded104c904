// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/verifier.hpp"

#include "base/units.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/gpu_provider.hpp"
#include "gui/model/format.hpp"
#include "gui/model/verifier_run.hpp"

#include <QDeadlineTimer>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

#include <algorithm>
#include <cmath>
#include <utility>

namespace filfil::gui {
namespace {

constexpr int tick_milliseconds = 100;

/// Until so much time has passed a rate would be a guess.
constexpr double estimate_after_seconds = 1.5;

/// How far back the rate looks: shorter at the beginning, when there is no more.
constexpr double rate_memory_seconds = 30;

constexpr int sample_milliseconds = 500;
constexpr qsizetype most_samples = 240;
constexpr qsizetype most_history = 200;

qint64 steadyNow() { return QDeadlineTimer::current().deadline(); }

QString text(const Error& error) { return QString::fromStdString(error.message); }

}    // namespace

Verifier::Verifier(Format& format, const QString& historyFile, QObject* parent)
    : QObject(parent), m_format(format), m_historyFile(historyFile) {
    m_history =
        new RecordModel(RecordModel::field(QStringLiteral("key")),
                        {{QStringLiteral("time"), QT_TR_NOOP("Time"), ColumnKind::Time, 150},
                         {QStringLiteral("file_name"), QT_TR_NOOP("File"), ColumnKind::Text, 240},
                         {QStringLiteral("verdict"), QT_TR_NOOP("Verdict"), ColumnKind::State, 110},
                         {QStringLiteral("piece_cid"), QT_TR_NOOP("Piece CID"), ColumnKind::Cid, 220},
                         {QStringLiteral("payload_size"), QT_TR_NOOP("Size"), ColumnKind::Bytes, 100},
                         {QStringLiteral("rate"), QT_TR_NOOP("Bytes a second"), ColumnKind::Bytes, 110},
                         {QStringLiteral("device"), QT_TR_NOOP("Hashed on"), ColumnKind::Text, 110}},
                        {QStringLiteral("key"), QStringLiteral("path"), QStringLiteral("sentence")}, &format, this);
    m_tick.setInterval(tick_milliseconds);
    connect(&m_tick, &QTimer::timeout, this, &Verifier::tick);
    connect(&format, &Format::changed, this, &Verifier::backendsChanged);
    readHistory();
}

Verifier::~Verifier() = default;

void Verifier::setGpu(commp::GpuProvider& gpu) {
    m_gpu = &gpu;
    m_probe = std::jthread([this, &gpu] {
        if (std::ranges::none_of(gpu.probe(), &commp::GpuReport::supported)) return;
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_hasCard = true;
                emit backendsChanged();
            },
            Qt::QueuedConnection);
    });
}

QVariantList Verifier::backends() const {
    QVariantList out;
    const auto add = [&out](const QString& name, const QString& title) {
        out << QVariantMap{
            {QStringLiteral("name"), name}, {QStringLiteral("title"), title}, {QStringLiteral("supported"), true}};
    };
    add(QStringLiteral("auto"), tr("The fastest"));
    for (const std::string& isa : commp::usable_isas())
        add(QString::fromStdString(isa), tr("CPU: %1").arg(QString::fromStdString(isa)));
    if (m_hasCard) add(QStringLiteral("cuda"), tr("GPU"));
    return out;
}

QString Verifier::fileName() const { return QFileInfo(m_path).fileName(); }

QString Verifier::stage() const {
    return m_state == Hashing ? tr("hashing") : m_state == Diagnosing ? tr("looking for the difference") : QString();
}

double Verifier::progress() const {
    if (m_state == Done) return 1;
    return m_size > 0 ? std::min(1.0, m_done / m_size) : m_size == 0 ? 1 : -1;
}

double Verifier::secondsLeft() const {
    return m_rate > 0 && m_size >= 0 ? std::max(0.0, (m_size - m_done) / m_rate) : -1;
}

double Verifier::seconds() const {
    if (m_startedAt == 0) return 0;
    return static_cast<double>((running() ? steadyNow() : m_endedAt) - m_startedAt) / 1000;
}

void Verifier::setExpected(const QString& text) {
    if (text == m_expected) return;
    m_expected = text;
    const QVariantMap said = checkCid(text);
    const bool none = text.trimmed().isEmpty();
    m_expectedProblem = none ? QString() : said.value(QStringLiteral("problem")).toString();
    m_expectedSays = none ? QString() : said.value(QStringLiteral("says")).toString();
    emit expectedChanged();
}

QVariantMap Verifier::checkCid(const QString& text) const {
    const auto expected = readExpected(text);
    if (!expected.ok())
        return {{QStringLiteral("valid"), false}, {QStringLiteral("problem"), gui::text(expected.error())}};
    QVariantMap out = {
        {QStringLiteral("valid"), true},
        {QStringLiteral("problem"), QString()},
        {QStringLiteral("version"), expected->info.payload_size ? 2 : 1},
        {QStringLiteral("piece_cid"), QString::fromStdString(ipld::piece_cid_v1(expected->info.root).text())}};
    if (!expected->info.payload_size) {
        out.insert(QStringLiteral("says"), tr("version 1: the root alone, whatever the size"));
        return out;
    }
    const auto payload = static_cast<double>(*expected->info.payload_size);
    const auto padded = static_cast<double>(expected->info.padded_size.value_or(0));
    out.insert(QStringLiteral("payload_size"), payload);
    out.insert(QStringLiteral("padded_size"), padded);
    out.insert(QStringLiteral("says"),
               tr("version 2: %1 in a piece of %2").arg(m_format.bytes(payload), m_format.bytes(padded)));
    return out;
}

void Verifier::setBackend(const QString& name) {
    if (m_backend == name) return;
    m_backend = name;
    emit backendsChanged();
}

void Verifier::start(const QUrl& file) {
    if (!file.isLocalFile() && !file.scheme().isEmpty()) {
        fail(tr("%1 is not on this machine").arg(file.toDisplayString()), tr("fetch it first, then drop the file"));
        return;
    }
    startPath(file.isLocalFile() ? file.toLocalFile() : file.path());
}

void Verifier::startPath(const QString& path) {
    if (!expectedValid()) {
        m_path = path;
        fail(tr("The expected CID is none: %1").arg(m_expectedProblem), tr("mend it, or leave it empty"));
        return;
    }
    begin(path);
}

void Verifier::again() {
    if (!m_path.isEmpty()) startPath(m_path);
}

void Verifier::begin(const QString& path) {
    m_run.reset();
    const QFileInfo info(path);
    m_path = path;
    m_size = info.isFile() ? static_cast<double>(info.size()) : -1;
    m_done = 0;
    m_rate = -1;
    m_rates.clear();
    m_device.clear();
    m_result = {};
    m_error.clear();
    m_remedy.clear();
    m_startedAt = m_sampledAt = steadyNow();
    m_sampled = 0;
    m_state = Hashing;
    VerifierOrder order{.path = QFile::encodeName(path).toStdString(),
                        .expected = {},
                        .backend = m_backend.toStdString(),
                        .diagnose = m_diagnose,
                        .gpu = m_gpu};
    if (!m_expected.trimmed().isEmpty())
        if (auto expected = readExpected(m_expected); expected.ok()) order.expected = *std::move(expected);
    const quint64 number = ++m_number;
    m_run = std::make_unique<VerifierRun>(std::move(order), [this, number] {
        QMetaObject::invokeMethod(this, [this, number] { onEnd(number); }, Qt::QueuedConnection);
    });
    m_tick.start();
    emit changed();
    emit progressed();
}

void Verifier::cancel() {
    if (m_run) m_run->cancel();
}

void Verifier::tick() {
    if (!m_run) return;
    if (m_run->diagnosing() && m_state == Hashing) {
        m_state = Diagnosing;
        m_startedAt = m_sampledAt = steadyNow();
        m_sampled = 0;
        m_rate = -1;
        emit changed();
    }
    m_done = static_cast<double>(m_run->doneBytes());
    const qint64 now = steadyNow();
    const double passed = static_cast<double>(now - m_sampledAt) / 1000;
    if (now - m_sampledAt >= sample_milliseconds) {
        const double rate = std::max(0.0, m_done - m_sampled) / passed;
        const double since = static_cast<double>(now - m_startedAt) / 1000;
        if (since >= estimate_after_seconds) {
            const double average = m_done / since;
            const double weight = 1 - std::exp(-passed / std::min(since, rate_memory_seconds));
            m_rate = m_rate < 0 ? average : m_rate + weight * (rate - m_rate);
        }
        m_rates << rate;
        while (m_rates.size() > most_samples) m_rates.removeFirst();
        m_sampledAt = now;
        m_sampled = m_done;
    }
    emit progressed();
}

void Verifier::fail(const QString& error, const QString& remedy) {
    m_run.reset();
    ++m_number;
    m_tick.stop();
    m_state = Failed;
    m_result = {};
    m_error = error;
    m_remedy = remedy;
    emit changed();
    emit finished();
}

void Verifier::onEnd(quint64 number) {
    if (number != m_number || !m_run) return;
    m_tick.stop();
    m_endedAt = steadyNow();
    m_done = m_run->result().ok() ? static_cast<double>(m_run->result()->natural.payload_size)
                                  : static_cast<double>(m_run->doneBytes());
    const Result<VerifierFinding>& result = m_run->result();
    if (result.ok()) {
        conclude();
        m_state = Done;
    } else if (result.error().code == ErrorCode::cancelled) {
        m_state = Cancelled;
    } else {
        m_state = Failed;
        m_error = gui::text(result.error());
        m_remedy = QString::fromStdString(result.error().remedy);
        addToHistory(QStringLiteral("failed"));
    }
    m_run.reset();
    emit changed();
    emit progressed();
    emit finished();
}

void Verifier::conclude() {
    const VerifierFinding& finding = *m_run->result();
    const commp::Piece& piece = finding.piece;
    const auto payload = static_cast<double>(piece.payload_size);
    const double rate = finding.seconds > 0 ? payload / finding.seconds : 0;
    m_device = QString::fromStdString(finding.device);
    m_result = {{QStringLiteral("path"), m_path},
                {QStringLiteral("payload_size"), static_cast<qint64>(piece.payload_size)},
                {QStringLiteral("padded_size"), static_cast<qint64>(piece.padded_size)},
                {QStringLiteral("height"), static_cast<int>(ipld::height_of(piece.padded_size))},
                {QStringLiteral("piece_cid"), QString::fromStdString(commp::piece_cid_v1(piece).text())},
                {QStringLiteral("piece_cid_v2"), QString::fromStdString(commp::piece_cid_v2(piece).text())},
                {QStringLiteral("device"), m_device},
                {QStringLiteral("seconds"), finding.seconds},
                {QStringLiteral("payload_gib_per_s"), rate / static_cast<double>(GiB)},
                {QStringLiteral("rate"), rate}};
    QString sentence = tr("The piece CID is %1").arg(m_result.value(QLatin1String("piece_cid")).toString());
    QString verdict = QStringLiteral("hashed");
    if (!m_expected.trimmed().isEmpty()) {
        verdict = finding.match ? QStringLiteral("matches") : QStringLiteral("differs");
        const QString diagnosis = QString::fromStdString(finding.diagnosis);
        m_result.insert(QStringLiteral("expected"), m_expected.trimmed());
        m_result.insert(QStringLiteral("match"), finding.match);
        m_result.insert(QStringLiteral("diagnosis"), diagnosis);
        sentence = finding.match         ? tr("The file is the piece that was expected")
                   : diagnosis.isEmpty() ? tr("The file is not the piece that was expected")
                                         : tr("The file is not the piece that was expected: %1").arg(diagnosis);
    }
    if (m_findStaged)
        if (const QJsonObject staged = m_findStaged(rootsOf(finding.natural)); !staged.isEmpty())
            m_result.insert(QStringLiteral("staged"), staged);
    m_result.insert(QStringLiteral("sentence"), sentence);
    addToHistory(verdict);
}

void Verifier::addToHistory(const QString& verdict) {
    const double now = m_format.now();
    m_history->upsert(
        {{QStringLiteral("key"), QString(QString::number(now, 'f', 3) + u'/' + QString::number(m_number))},
         {QStringLiteral("time"), now},
         {QStringLiteral("file_name"), fileName()},
         {QStringLiteral("path"), m_path},
         {QStringLiteral("payload_size"), m_result.value(QLatin1String("payload_size"))},
         {QStringLiteral("piece_cid"), m_result.value(QLatin1String("piece_cid"))},
         {QStringLiteral("verdict"), verdict},
         {QStringLiteral("rate"), m_result.value(QLatin1String("rate"))},
         {QStringLiteral("device"), m_device},
         {QStringLiteral("sentence"),
          verdict == QLatin1String("failed") ? m_error : m_result.value(QLatin1String("sentence")).toString()}});
    while (m_history->count() > most_history) m_history->remove(m_history->keyAt(0));
    writeHistory();
}

void Verifier::clearHistory() {
    m_history->clear();
    writeHistory();
}

void Verifier::readHistory() {
    QFile file(m_historyFile);
    if (m_historyFile.isEmpty() || !file.open(QIODevice::ReadOnly)) return;
    QList<QJsonObject> rows;
    for (const QJsonValue& row : QJsonDocument::fromJson(file.read(4 << 20)).array())
        if (row.isObject()) rows << row.toObject();
    m_history->setRecords(std::move(rows));
    m_history->settle();
}

void Verifier::writeHistory() const {
    if (m_historyFile.isEmpty()) return;
    QJsonArray rows;
    for (const QJsonObject& row : m_history->all()) rows << row;
    QSaveFile out(m_historyFile);
    // A history that cannot be kept is no reason to bother anybody.
    if (out.open(QIODevice::WriteOnly) && out.write(QJsonDocument(rows).toJson(QJsonDocument::Compact)) >= 0)
        out.commit();
}

}    // namespace filfil::gui
