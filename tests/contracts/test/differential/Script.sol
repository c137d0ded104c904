// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

/// What a precompile says when it is asked that.
struct Answer {
    bytes32 key; // keccak-256 of (the last byte of its address, input)
    bool works;
    uint256 moves; // money that goes
    bytes output;
}

/// Knows what the precompiles have to say during a call. To anything else they fail.
contract Script {
    mapping(bytes32 => Answer) private m_answers;
    uint256 private m_call;

    /// Forgets what it was told, and is told this.
    function tell(Answer[] calldata answers) external {
        m_call++;
        for (uint256 i = 0; i < answers.length; i++) m_answers[_key(answers[i].key)] = answers[i];
    }

    function answer(bytes32 key) external view returns (Answer memory) {
        return m_answers[_key(key)];
    }

    function _key(bytes32 key) private view returns (bytes32) {
        return keccak256(abi.encode(m_call, key));
    }
}

/// Stands at a precompile's address. Those that call actors are reached by DELEGATECALL: no state, and money of the caller.
abstract contract Scripted {
    Script private constant SCRIPT = Script(address(0x5c21));
    address private constant AWAY = address(0xa3a4);

    function _number() internal pure virtual returns (uint8);

    fallback(bytes calldata input) external payable returns (bytes memory) {
        Answer memory said = SCRIPT.answer(keccak256(abi.encodePacked(_number(), input)));
        require(said.works, "no answer");
        if (said.moves != 0) {
            (bool ok,) = AWAY.call{value: said.moves}("");
            require(ok, "no money");
        }
        return said.output;
    }
}

contract ScriptedLookup is Scripted {
    function _number() internal pure override returns (uint8) {
        return 2;
    }
}

contract ScriptedCallActor is Scripted {
    function _number() internal pure override returns (uint8) {
        return 3;
    }
}

contract ScriptedCallActorId is Scripted {
    function _number() internal pure override returns (uint8) {
        return 5;
    }
}

/// Creates the contract: always at the same address.
contract Deployer {
    function make(bytes memory code) external returns (address made) {
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
        }
    }
}
