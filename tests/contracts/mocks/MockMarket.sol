// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {Ids} from "./Ids.sol";
import {MockInit} from "./MockInit.sol";
import {IActor} from "./Precompiles.sol";
import {Wire} from "./Wire.sol";

/// Stands at f05: publishes deals as PublishStorageDeals does (asks the client in a read-only call, then notifies it, and
/// all fails where one fails), and answers what became of them.
contract MockMarket {
    struct Proposal {
        address client; // a contract
        bytes32 root;
        uint64 paddedSize;
        bool verified;
        uint64 provider;
        string label;
        int64 start;
        int64 end;
        uint256[3] amounts; // price an epoch, collateral of the provider, of the client
    }

    struct Deal {
        uint64 provider;
        int64 start;
        int64 end;
        bytes32 root;
        uint64 paddedSize;
        uint64 sector;
        int64 activated; // -1: not yet
        bool terminated;
    }

    error NotAuthenticated(uint256 index, bytes why);
    error NotNotified(uint256 index, bytes why);

    mapping(uint64 => Deal) private m_deals; // ids from 1
    uint64 public count;

    function publish(Proposal[] calldata proposals) external returns (uint64 first) {
        for (uint256 i = 0; i < proposals.length; i++) {
            (bool ok, bytes memory why) = authenticate(proposals[i].client, encode(proposals[i], false));
            if (!ok) revert NotAuthenticated(i, why);
        }
        first = count + 1;
        for (uint256 i = 0; i < proposals.length; i++) {
            Proposal calldata p = proposals[i];
            count++;
            m_deals[count] = Deal(p.provider, p.start, p.end, p.root, p.paddedSize, 0, -1, false);
            (bool ok, bytes memory why) = notify(p.client, encode(p, true), count);
            if (!ok) revert NotNotified(i, why);
        }
    }

    function deal(uint64 id) external view returns (Deal memory) {
        return m_deals[id];
    }

    /// Read-only, and CBOR true or nothing.
    function authenticate(address client, bytes memory proposal) public view returns (bool, bytes memory) {
        return authenticateBytes(client, bytes.concat(Wire.array(2), Wire.data(hex"dead"), Wire.data(proposal)));
    }

    function authenticateBytes(address client, bytes memory params) public view returns (bool, bytes memory) {
        (bool ok, bytes memory out) =
            client.staticcall(abi.encodeCall(IActor.handle_filecoin_method, (Ids.AUTHENTICATE, Ids.CBOR, params)));
        if (!ok) return (false, out);
        (uint32 exitCode, uint64 codec, bytes memory answer) = abi.decode(out, (uint32, uint64, bytes));
        return (exitCode == 0 && codec == Ids.CBOR && keccak256(answer) == keccak256(hex"f5"), out);
    }

    function notify(address client, bytes memory proposal, uint64 id) public returns (bool, bytes memory) {
        return notifyBytes(client, bytes.concat(Wire.array(2), Wire.data(proposal), Wire.unsigned(id)));
    }

    function notifyBytes(address client, bytes memory params) public returns (bool, bytes memory) {
        (bool ok, bytes memory out) = client.call(abi.encodeCall(IActor.handle_filecoin_method, (Ids.NOTIFY_DEAL, Ids.CBOR, params)));
        if (!ok) return (false, out);
        (uint32 exitCode,,) = abi.decode(out, (uint32, uint64, bytes));
        return (exitCode == 0, out);
    }

    /// A proposal's bytes: as a client signs it (its f410 address), or normalised (its f0), as f05 keeps it.
    function encode(Proposal memory p, bool normalised) public view returns (bytes memory) {
        bytes memory client = Wire.ethAddress(p.client);
        if (normalised) {
            (bool found, uint64 id) = MockInit(Ids.masked(Ids.INIT)).resolve(client);
            require(found, "the client's f410 address has no actor number: MockInit.setAddress()");
            client = Wire.idAddress(id);
        }
        bytes memory head = bytes.concat(Wire.array(11), Wire.pieceCid(p.root), Wire.unsigned(p.paddedSize), Wire.truth(p.verified));
        head = bytes.concat(head, Wire.data(client), Wire.data(Wire.idAddress(p.provider)), Wire.text(p.label));
        head = bytes.concat(head, Wire.integer(p.start), Wire.integer(p.end));
        return bytes.concat(head, Wire.big(p.amounts[0]), Wire.big(p.amounts[1]), Wire.big(p.amounts[2]));
    }

    function activate(uint64 id, uint64 sector) external {
        m_deals[id].activated = int64(uint64(block.number));
        m_deals[id].sector = sector;
    }

    function terminate(uint64 id) external {
        m_deals[id].terminated = true;
    }

    function handle_filecoin_method(uint64 method, uint64, bytes calldata params)
        external
        view
        returns (uint32, uint64, bytes memory)
    {
        (uint64 id, uint256 end) = Wire.readUnsigned(params, 0);
        require(end == params.length, "more than one item");
        if (id == 0 || id > count) return (Ids.NOT_FOUND, 0, "");
        Deal memory d = m_deals[id];
        if (method == Ids.GET_DEAL_ACTIVATION) {
            if (d.terminated) return (Ids.DEAL_EXPIRED, 0, "");
            return (0, Ids.CBOR, bytes.concat(Wire.array(2), Wire.integer(d.activated), Wire.integer(-1)));
        }
        if (method == Ids.GET_DEAL_SECTOR) {
            if (d.terminated) return (Ids.DEAL_EXPIRED, 0, "");
            if (d.activated < 0) return (Ids.DEAL_NOT_ACTIVATED, 0, "");
            return (0, Ids.CBOR, Wire.unsigned(d.sector));
        }
        if (method == Ids.GET_DEAL_TERM) {
            return (0, Ids.CBOR, bytes.concat(Wire.array(2), Wire.integer(d.start), Wire.integer(d.end - d.start)));
        }
        if (method == Ids.GET_DEAL_PROVIDER) return (0, Ids.CBOR, Wire.unsigned(d.provider));
        if (method == Ids.GET_DEAL_DATA_COMMITMENT) {
            return (0, Ids.CBOR, bytes.concat(Wire.array(2), Wire.pieceCid(d.root), Wire.unsigned(d.paddedSize)));
        }
        return (Ids.UNHANDLED_MESSAGE, 0, "");
    }
}
