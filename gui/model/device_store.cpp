// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/device_store.hpp"

#include "gui/model/format.hpp"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

namespace filfil::gui {
namespace {

constexpr qsizetype most_history = 500;

}    // namespace

DeviceStore::DeviceStore(Session& session, Format& format, JobStore& jobs, const QString& historyFile, QObject* parent)
    : Store(session, format, parent), m_jobs(jobs), m_file(historyFile) {
    const QList<Column> columns = {{QStringLiteral("name"), QT_TR_NOOP("Device"), ColumnKind::Text, 140},
                                   {QStringLiteral("description"), QT_TR_NOOP("What it is"), ColumnKind::Text, 260},
                                   {QStringLiteral("selected"), QT_TR_NOOP("In use"), ColumnKind::Text, 70},
                                   {QStringLiteral("supported"), QT_TR_NOOP("Usable"), ColumnKind::Text, 80},
                                   {QStringLiteral("self_test"), QT_TR_NOOP("Self-test"), ColumnKind::Text, 90},
                                   {QStringLiteral("gib_per_s"), QT_TR_NOOP("GiB/s"), ColumnKind::Number, 80},
                                   {QStringLiteral("reason"), QT_TR_NOOP("Why"), ColumnKind::Text, 280}};
    setModel(new RecordModel(RecordModel::field(QStringLiteral("name")), columns, {}, &format, this));
    m_history = new RecordModel(RecordModel::field(QStringLiteral("key")),
                                {{QStringLiteral("time"), QT_TR_NOOP("Time"), ColumnKind::Time, 150},
                                 {QStringLiteral("daemon"), QT_TR_NOOP("Daemon"), ColumnKind::Text, 160},
                                 {QStringLiteral("name"), QT_TR_NOOP("Device"), ColumnKind::Text, 140},
                                 {QStringLiteral("gib_per_s"), QT_TR_NOOP("GiB/s"), ColumnKind::Number, 80},
                                 {QStringLiteral("self_test"), QT_TR_NOOP("Self-test"), ColumnKind::Text, 90}},
                                {QStringLiteral("key")}, &format, this);
    readHistory();
}

QString DeviceStore::selected() const {
    for (const QJsonObject& device : model()->all())
        if (device.value(QLatin1String("selected")).toBool()) return device.value(QLatin1String("name")).toString();
    return {};
}

void DeviceStore::load() {
    fetch(QStringLiteral("FilFil.Devices"), {}, [this](const QJsonObject& answer) {
        QList<QJsonObject> devices = objectsOf(answer.value(QLatin1String("devices")));
        // What a benchmark found stays beside what is asked for without one.
        for (QJsonObject& device : devices) {
            const QJsonObject before = model()->record(device.value(QLatin1String("name")).toString());
            for (const auto name : {"self_test", "gib_per_s"})
                if (!device.contains(QLatin1String(name)) && before.contains(QLatin1String(name)))
                    device.insert(QLatin1String(name), before.value(QLatin1String(name)));
        }
        model()->setRecords(std::move(devices));
        model()->settle();
        emit benchmarkingChanged();
    });
}

void DeviceStore::forget() {
    Store::forget();
    m_benchmarking = false;
    emit benchmarkingChanged();
}

void DeviceStore::benchmark() {
    if (m_benchmarking) return;
    m_benchmarking = true;
    emit benchmarkingChanged();
    const auto ended = [this](const Reply& reply) {
        m_benchmarking = false;
        if (reply.ok())
            takeBenchmark(reply.object());
        else
            emit failed(reply.error().message, reply.error().remedy);
        emit benchmarkingChanged();
    };
    session().call(QStringLiteral("FilFil.BenchmarkDevices"), {}, this, [this, ended](const Reply& reply) {
        if (!reply.ok()) return ended(reply);
        m_jobs.follow(reply.object().value(QLatin1String("job")).toDouble(-1), this, ended);
    });
}

void DeviceStore::takeBenchmark(const QJsonObject& result) {
    const double now = format().now();
    int usable = 0;
    for (const QJsonObject& device : objectsOf(result.value(QLatin1String("devices")))) {
        const QString name = device.value(QLatin1String("name")).toString();
        if (model()->contains(name))
            model()->patch(name, device);
        else
            model()->upsert(device);
        if (!device.value(QLatin1String("supported")).toBool()) continue;
        ++usable;
        m_history->upsert({{QStringLiteral("key"), QString(QString::number(now, 'f', 3) + u'/' + name)},
                           {QStringLiteral("time"), now},
                           {QStringLiteral("daemon"), session().name()},
                           {QStringLiteral("name"), name},
                           {QStringLiteral("gib_per_s"), device.value(QLatin1String("gib_per_s"))},
                           {QStringLiteral("self_test"), device.value(QLatin1String("self_test"))}});
    }
    writeHistory();
    emit done(tr("%n device(s) were measured", nullptr, usable));
}

void DeviceStore::clearHistory() {
    m_history->clear();
    writeHistory();
}

void DeviceStore::readHistory() {
    QFile file(m_file);
    if (m_file.isEmpty() || !file.open(QIODevice::ReadOnly)) return;
    m_history->setRecords(objectsOf(QJsonDocument::fromJson(file.read(4 << 20)).array()));
    m_history->settle();
}

void DeviceStore::writeHistory() const {
    if (m_file.isEmpty()) return;
    QJsonArray rows;
    for (const QJsonObject& row : m_history->all()) rows << row;
    while (rows.size() > most_history) rows.removeFirst();
    QSaveFile out(m_file);
    // A history that cannot be kept is no reason to bother anybody.
    if (out.open(QIODevice::WriteOnly) && out.write(QJsonDocument(rows).toJson(QJsonDocument::Compact)) >= 0)
        out.commit();
}

}    // namespace filfil::gui
