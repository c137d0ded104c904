// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

// Brings the contract's source into the build that counts its lines; the tests themselves deploy the artefact.
import {FilFil} from "contracts/FilFil.sol";
