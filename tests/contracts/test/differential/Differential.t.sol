// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

import {Ids} from "mocks/Ids.sol";
import {Check} from "support/Check.sol";
import {Vm} from "support/Vm.sol";
import {Answer, Deployer, Script, ScriptedCallActor, ScriptedCallActorId, ScriptedLookup} from "./Script.sol";

/// What make_contract_sequences writes: calls, and what the model in C++ says comes of them.
struct Look {
    string what;
    bytes input;
    bool succeeds;
    bytes32 output; // keccak-256
}

struct Step {
    string what;
    uint64 epoch;
    uint256 gift; // money that comes without a call, before it
    address from;
    uint256 value;
    bytes input;
    Answer[] answers;
    bool succeeds;
    bytes output;
    bytes32[] logs; // keccak-256 of topics and data
    uint256 balance;
    Look[] looks;
}

struct Sequence {
    uint64 seed;
    address self;
    bytes constructorArguments;
    Step[] steps;
}

/// The contract does what its model in C++ does: same results, same errors, same events, same money, same views.
contract DifferentialTest is Check {
    /// The model and the contract do not agree.
    error Differs(uint64 seed, uint256 call, string what, string where, bytes contractSays, bytes modelSays);

    address private constant CODE = address(0xc0de);
    Script private constant SCRIPT = Script(address(0x5c21));
    Deployer private constant DEPLOYER = Deployer(0xa00000000000000000000000000000000000dE91);
    address private constant STUBBORN = 0xA000000000000000000000000000000000005707;

    function setUp() public {
        vm.etch(Ids.LOOKUP_DELEGATED, type(ScriptedLookup).runtimeCode);
        vm.etch(Ids.CALL_ACTOR, type(ScriptedCallActor).runtimeCode);
        vm.etch(Ids.CALL_ACTOR_ID, type(ScriptedCallActorId).runtimeCode);
        vm.etch(address(SCRIPT), type(Script).runtimeCode);
        vm.etch(address(DEPLOYER), type(Deployer).runtimeCode);
        vm.etch(STUBBORN, hex"5f5ffd");
        // kept as code: loading it from storage, or parsing the artefact, would cost more than the calls
        string memory artefact = vm.envOr("FILFIL_CONTRACT_ARTEFACT", string("../../resources/contracts/FilFil.json"));
        vm.etch(CODE, vm.parseJsonBytes(vm.readFile(artefact), ".bytecode"));
        vm.setNonce(address(DEPLOYER), 1);
    }

    // The sequences are in as many files as there are tests, for forge to run them side by side.
    function test_theModelAgrees_a() public {
        _file("a");
    }

    function test_theModelAgrees_b() public {
        _file("b");
    }

    function _file(string memory name) private {
        string memory folder = vm.envOr("FILFIL_SEQUENCES", string(""));
        if (bytes(folder).length == 0) return;
        string memory path = string.concat(folder, "/", name, ".sequences");
        uint256 clean = vm.snapshotState();
        // each sequence in a call of its own: its memory goes with it
        for (uint256 left = vm.parseUint(vm.readLine(path)); left != 0; left--) {
            this.replay(path);
            vm.revertToState(clean);
        }
    }

    function replay(string calldata path) external {
        Sequence memory sequence = abi.decode(vm.parseBytes(vm.readLine(path)), (Sequence));
        address made = DEPLOYER.make(bytes.concat(CODE.code, sequence.constructorArguments));
        eq(made, sequence.self, "address of the contract");
        for (uint256 i = 0; i < sequence.steps.length; i++) _step(sequence, i);
    }

    function _step(Sequence memory sequence, uint256 number) private {
        Step memory step = sequence.steps[number];
        address self = sequence.self;
        vm.roll(step.epoch);
        if (step.gift != 0) vm.deal(self, self.balance + step.gift);
        SCRIPT.tell(step.answers);
        vm.deal(step.from, step.value);
        vm.recordLogs();
        vm.prank(step.from);
        (bool done, bytes memory output) = self.call{value: step.value}(step.input);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (done != step.succeeds || keccak256(output) != keccak256(step.output)) {
            revert Differs(sequence.seed, number, step.what, _result(done), output, bytes.concat(bytes(_result(step.succeeds)), step.output));
        }
        if (!done) logs = new Vm.Log[](0); // recorded, and undone
        for (uint256 i = 0; i < logs.length || i < step.logs.length; i++) {
            bytes32 seen = i < logs.length ? keccak256(abi.encodePacked(logs[i].topics, logs[i].data)) : bytes32(0);
            bytes32 wanted = i < step.logs.length ? step.logs[i] : bytes32(0);
            if (seen == wanted) continue;
            bytes memory says = i < logs.length ? abi.encodePacked(logs[i].topics, logs[i].data) : bytes("none");
            revert Differs(sequence.seed, number, step.what, string.concat("event ", vm.toString(i)), says, abi.encodePacked(wanted));
        }
        if (self.balance != step.balance) {
            revert Differs(sequence.seed, number, step.what, "balance", abi.encode(self.balance), abi.encode(step.balance));
        }
        for (uint256 i = 0; i < step.looks.length; i++) _look(sequence, number, step.looks[i]);
    }

    function _look(Sequence memory sequence, uint256 number, Look memory look) private view {
        (bool done, bytes memory output) = sequence.self.staticcall(look.input);
        if (done == look.succeeds && keccak256(output) == look.output) return;
        revert Differs(
            sequence.seed,
            number,
            sequence.steps[number].what,
            string.concat("view ", look.what, ", ", _result(done)),
            bytes.concat(look.input, output),
            abi.encodePacked(look.output)
        );
    }

    function _result(bool done) private pure returns (string memory) {
        return done ? "succeeds " : "reverts ";
    }
}
