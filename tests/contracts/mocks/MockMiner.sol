// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {Ids} from "./Ids.sol";
import {MockInit} from "./MockInit.sol";
import {IActor} from "./Precompiles.sol";
import {Wire} from "./Wire.sol";

/// Stands at 0xff..id as a miner actor: who controls it, which sectors it has, and it tells contracts of new ones.
contract MockMiner {
    struct Sector {
        bool there;
        uint8 status; // 0 dead, 1 active, 2 faulty
        uint64 deadline;
        uint64 partition;
        int64 expiration;
    }

    struct Piece {
        bytes32 root;
        uint64 paddedSize;
        bytes payload;
    }

    struct Changes {
        uint64 sector;
        int64 until;
        Piece[] pieces;
    }

    error ReceiverAborted(bytes why);
    error ResponseInvalid();
    error Rejected(uint256 sector, uint256 piece);

    mapping(bytes32 => bool) private m_controls;
    mapping(uint64 => Sector) public sectors;
    bytes private m_owner;

    /// An owner controls, too.
    function setOwner(bytes calldata owner) external {
        m_owner = owner;
        m_controls[_key(owner)] = true;
    }

    function setControlling(bytes calldata who, bool does) external {
        m_controls[_key(who)] = does;
    }

    function setSector(uint64 sector, uint8 status, uint64 deadline, uint64 partition, int64 expiration) external {
        sectors[sector] = Sector(true, status, deadline, partition, expiration);
    }

    /// Gone from the state, as a sector is once it was terminated and compacted.
    function removeSector(uint64 sector) external {
        delete sectors[sector];
    }

    /// Sectors become active and `to` is told, as ProveCommitSectors3 and ProveReplicaUpdates3 do. Where success is
    /// required, a notification that fails or is not accepted sinks the whole message.
    function prove(address to, Changes[] calldata changes, bool requireSuccess) external returns (bytes memory) {
        bytes memory sent = Wire.array(uint64(changes.length));
        for (uint256 i = 0; i < changes.length; i++) {
            Changes calldata one = changes[i];
            sectors[one.sector] = Sector(true, 1, one.sector % 48, one.sector / 48, one.until);
            sent = bytes.concat(sent, Wire.array(3), Wire.unsigned(one.sector), Wire.integer(one.until));
            sent = bytes.concat(sent, Wire.array(uint64(one.pieces.length)));
            for (uint256 j = 0; j < one.pieces.length; j++) {
                Piece calldata piece = one.pieces[j];
                sent = bytes.concat(sent, Wire.array(3), Wire.pieceCid(piece.root), Wire.unsigned(piece.paddedSize));
                sent = bytes.concat(sent, Wire.data(piece.payload));
            }
        }
        (bool ok, uint32 exitCode, bytes memory answer) = notify(to, Ids.SECTOR_CONTENT_CHANGED, sent);
        if (!requireSuccess) return answer;
        if (!ok || exitCode != 0) revert ReceiverAborted(answer);
        uint256 pos;
        uint64 count;
        (count, pos) = Wire.readArray(answer, 0);
        if (count != changes.length) revert ResponseInvalid();
        for (uint256 i = 0; i < changes.length; i++) {
            (count, pos) = Wire.readArray(answer, pos);
            if (count != changes[i].pieces.length) revert ResponseInvalid();
            for (uint256 j = 0; j < count; j++) {
                if (answer[pos] != 0xf5) revert Rejected(i, j);
                pos++;
            }
        }
        if (pos != answer.length) revert ResponseInvalid();
        return answer;
    }

    /// Sends any bytes as this actor; says whether the call came through, and the revert's data where it did not.
    function notify(address to, uint64 method, bytes memory params) public returns (bool ok, uint32 exitCode, bytes memory answer) {
        bytes memory out;
        (ok, out) = to.call(abi.encodeCall(IActor.handle_filecoin_method, (method, Ids.CBOR, params)));
        if (!ok) return (false, 33, out);
        (exitCode,, answer) = abi.decode(out, (uint32, uint64, bytes));
    }

    /// Calls anything as this actor, e.g. as a multisig does by InvokeEVM.
    function execute(address to, uint256 value, bytes calldata data) external payable returns (bool ok, bytes memory out) {
        (ok, out) = to.call{value: value}(data);
    }

    function handle_filecoin_method(uint64 method, uint64, bytes calldata params)
        external
        view
        virtual
        returns (uint32, uint64, bytes memory)
    {
        if (method == Ids.IS_CONTROLLING_ADDRESS) {
            (bytes memory who, uint256 end) = Wire.readData(params, 0);
            require(end == params.length, "more than one item");
            return (0, Ids.CBOR, Wire.truth(m_controls[_key(who)]));
        }
        if (method == Ids.GET_OWNER) {
            return (0, Ids.CBOR, bytes.concat(Wire.array(2), Wire.data(m_owner), hex"f6"));
        }
        if (method == Ids.VALIDATE_SECTOR_STATUS) return _validate(params);
        if (method == Ids.GENERATE_SECTOR_LOCATION) return _locate(params);
        if (method == Ids.GET_NOMINAL_SECTOR_EXPIRATION) {
            (uint64 sector,) = Wire.readUnsigned(params, 0);
            if (!sectors[sector].there) return (Ids.NOT_FOUND, 0, "");
            return (0, Ids.CBOR, Wire.integer(sectors[sector].expiration));
        }
        return (Ids.UNHANDLED_MESSAGE, 0, "");
    }

    /// What GenerateSectorLocation answers, for who settles.
    function location(uint64 sector) public view returns (uint8 status, bytes memory aux) {
        Sector memory s = sectors[sector];
        if (!s.there) return (0, hex"822020");
        return (s.status, bytes.concat(Wire.array(2), Wire.unsigned(s.deadline), Wire.unsigned(s.partition)));
    }

    function _locate(bytes calldata params) private view returns (uint32, uint64, bytes memory) {
        (uint64 count, uint256 pos) = Wire.readArray(params, 0);
        uint64 sector;
        (sector, pos) = Wire.readUnsigned(params, pos);
        require(count == 1 && pos == params.length, "wrong shape");
        (uint8 status, bytes memory aux) = location(sector);
        return (0, Ids.CBOR, bytes.concat(Wire.array(2), Wire.unsigned(status), Wire.data(aux)));
    }

    function _validate(bytes calldata params) private view returns (uint32, uint64, bytes memory) {
        (uint64 count, uint256 pos) = Wire.readArray(params, 0);
        uint64 sector;
        uint64 status;
        bytes memory aux;
        (sector, pos) = Wire.readUnsigned(params, pos);
        (status, pos) = Wire.readUnsigned(params, pos);
        (aux, pos) = Wire.readData(params, pos);
        require(count == 3 && status <= 2 && pos == params.length, "wrong shape");
        Sector memory s = sectors[sector];
        if (aux.length < 3 || aux[0] != 0x82) return (Ids.ILLEGAL_ARGUMENT, 0, "");
        int64 deadline;
        int64 partition;
        (deadline, pos) = Wire.readInteger(aux, 1);
        (partition, pos) = Wire.readInteger(aux, pos);
        if (pos != aux.length || (deadline == -1) != (partition == -1)) return (Ids.ILLEGAL_ARGUMENT, 0, "");
        if (deadline == -1) {
            if (s.there) return (Ids.NOT_FOUND, 0, "");
            return (0, Ids.CBOR, Wire.truth(status == 0));
        }
        if (!s.there || deadline != int64(s.deadline) || partition != int64(s.partition)) return (Ids.NOT_FOUND, 0, "");
        return (0, Ids.CBOR, Wire.truth(status == s.status));
    }

    /// One key for all addresses of one actor.
    function _key(bytes memory who) private view returns (bytes32) {
        (bool found, uint64 id) = MockInit(Ids.masked(Ids.INIT)).resolve(who);
        return found ? keccak256(abi.encode(id)) : keccak256(who);
    }
}
