// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"
#include "service/times.hpp"

#include <map>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

constexpr std::string_view notification = "FilFil.Event";

/// Whose subscription is whose.
using Owners = std::map<std::uint64_t, std::weak_ptr<rpc::Session>>;

}    // namespace

void add_event_api(rpc::Server& server, House& house) {
    auto owners = std::make_shared<Owners>();
    add_method(server, "FilFil.Subscribe", Permission::read, {"after_seq", "types"},
               [&house, owners](const Params& params, const Session& session, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto after, params.integer("after_seq"));
                   FILFIL_TRY(auto types, params.texts("types"));
                   // Comes before all events; where it cannot be sent, none could be.
                   const Json first = {{"seq", house.events.last()},
                                       {"type", "subscribed"},
                                       {"time", seconds_of(house.world.clock.wall())},
                                       {"data", Json::object()}};
                   if (!session->notify(notification, first))
                       return Error(ErrorCode::unsupported, "events can be told over a WebSocket only",
                                    "connect by ws:// or wss://, or ask FilFil.State now and then");
                   const std::weak_ptr<rpc::Session> weak = session;
                   const EventBus::Subscribed made = house.events.subscribe(
                       after ? std::optional(static_cast<std::uint64_t>(*after)) : std::nullopt,
                       std::move(types).value_or(std::vector<std::string>()), [weak](const Event& event) {
                           const Session open = weak.lock();
                           return open && open->notify(notification, json_of(event));
                       });
                   (*owners)[made.id] = session;
                   session->on_end([&house, owners, id = made.id] {
                       house.events.unsubscribe(id);
                       owners->erase(id);
                   });
                   reply(Json{{"subscription", made.id}, {"seq", made.seq}, {"resync", made.resync}});
                   return {};
               });
    add_method(server, "FilFil.Unsubscribe", Permission::read, {"subscription"},
               [&house, owners](const Params& params, const Session& session, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto id, params.need_integer("subscription"));
                   const auto found = owners->find(static_cast<std::uint64_t>(id));
                   if (found == owners->end() || found->second.lock() != session)
                       return Error(ErrorCode::not_found, "this connection has no subscription " + std::to_string(id));
                   house.events.unsubscribe(found->first);
                   owners->erase(found);
                   reply(Json{{"unsubscribed", true}});
                   return {};
               });
}

}    // namespace filfil::service
