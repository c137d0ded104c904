// SPDX-License-Identifier: Apache-2.0 OR MIT
pragma solidity ^0.8.28;

/// @title The incentive to store Filecoin's chain snapshots: what can be asked of the contract, told to it and heard of it.
///
/// Words. An *epoch* is block.number (null rounds have epochs too). A *miner* is the actor number of a storage provider.
/// A *round* elects every registered provider once: its *roster* is a list of *positions*, fixed before the round opens;
/// `replicas` positions side by side share one *slot*. Slot i of a round opens at start + i * slotLength and closes
/// windowLength epochs later; the next round starts where the last slot's length ends. A slot's *target* is the epoch
/// whose snapshot it wants: its opening minus `lead` (where that epoch has no tipset, the tipset before it).
///
/// Numbers. slot = round << 16 | index in the round. deal = slot << 8 | piece. piece = index, with 0x80 set for the
/// pieces of the alternative staging. Money in attoFIL, powers in bytes, shares in 1/10,000.
///
/// All of this is at one address. Behind it the contract has two halves, FilFil and Office, because the code of one
/// may be 24,576 bytes at most; neither can be exchanged.
interface IFilFil {
    // ------------------------------------------------------------------------------------------------------ types

    enum Standing {
        none, // never registered, or its place was cleared
        active, // has or will have a position
        leaving, // asked to leave: stays until its round is over
        left, // has no position any more; its bond can be taken once the round after its last is open
        removed // was thrown out, for misses or for lost sectors
    }

    enum Held {
        none,
        published, // by a deal of the built-in market; not yet in a sector
        active, // in a sector; paid as time passes
        done, // paid in full, or ended by close()
        dead // the sector was lost before its time
    }

    /// What holds for a round. A change is queued and applies from a round that is not open yet (queueParams()).
    struct Params {
        uint32 slotLength; // epochs from one opening to the next, 1 and more
        uint32 windowLength; // epochs a window is open, 1 .. slotLength
        uint32 lead; // epochs from the target to the opening, 1 and more
        uint8 replicas; // positions that share a slot, 1 .. 16
        uint16 maxProviders; // 1 .. 1024
        uint8 maxMisses; // misses one after the other that remove a provider, 1 and more
        uint8 disputeAt; // attestations against what was staged that flag a slot; 0: never
        uint32 minTerm; // epochs that a sector must have before it, 1 and more
        uint16 upfront; // share of the reward at activation
        uint16 slash; // share of the bond that a lost sector or a removal costs
        uint16 bounty; // share of what was slashed for a lost sector that goes to who reported
        uint16 bondStep; // the bond, where n providers are active, is bond + bond * n / bondStep (rounded down); 0: always `bond`
        uint128 bond;
        uint128 minPower; // raw bytes
        uint128 rewardCap; // most that may be staged for a slot and replica
        bytes32 recipe; // hash of the recipe of the round's snapshots
    }

    struct Round {
        uint16 number; // 0: none was opened
        uint40 start; // epoch
        uint16 positions; // of the roster, holes included
        uint32 slotLength;
        uint32 windowLength;
        uint32 lead;
        uint8 replicas;
        uint16 version; // of the parameters
    }

    struct Piece {
        bytes32 root; // of the piece commitment
        uint64 rawSize; // bytes of the payload
        uint8 log2Padded; // padded size = 1 << log2Padded
    }

    struct StageArgs {
        uint32 slot;
        uint64 epoch; // of the tipset that was taken: the slot's target, or up to 64 epochs before it
        bytes32 tipset; // BLAKE2b-256 of the tipset's key
        bytes32 recipe; // must be the round's
        bytes payload; // the binary CID of the snapshot's first root: announced in the event, not stored
        Piece[] pieces; // 1 .. 64
        uint128 reward; // for each replica that stores all pieces
    }

    struct Window {
        uint32 slot;
        uint64 target;
        uint64 open;
        uint64 close;
    }

    struct Holder {
        uint64 miner;
        uint8 piece;
        Held state;
        uint64 sector;
        uint64 until; // epoch to which it must be kept and is paid
        uint128 paid; // so far, attoFIL
        uint128 share; // in all
    }

    /// All the money there is: the contract's balance is the sum of these.
    struct Totals {
        uint256 pool; // free: rewards are staged from it
        uint256 locked; // staged and not yet earned by anyone
        uint256 owed; // to holders, as time passes
        uint256 credit; // earned, not yet withdrawn
        uint256 bonds;
    }

    // ----------------------------------------------------------------------------------- for storage providers

    /// Which window `miner` has next: the one that is open now, or the next to open. Two storage reads, three in the
    /// round before changed parameters. Zeros where it has none.
    function windows(uint64 miner) external view returns (uint64 start, uint64 end, uint32 slot, uint8 misses, Standing standing);

    /// Its windows from now on, in order: `count` of them, 64 at most. What later rounds bring can still change them;
    /// those of the round that is open and, once that has started, of the next cannot, but by the provider's own leaving
    /// or removal, and by a move that is announced (Moving) in the first half of the open round, for the next.
    function schedule(uint64 miner, uint256 count) external view returns (Window[] memory);

    /// Registers a miner that msg.sender controls (owner, worker or control address), with bondNow() or more; what is
    /// more becomes credit of msg.sender. The position counts from the next round, or from this one while it has not
    /// started. Who has left or was removed takes its bond back first (withdraw()).
    function register(uint64 miner) external payable;

    /// Asks to leave after this round. By a controlling address.
    function exit(uint64 miner) external;

    /// Announces where the miner serves its snapshots: an event, at most 128 bytes. By a controlling address.
    function setEndpoint(uint64 miner, string calldata url) external;

    /// Says, as a registered provider, which commitment it finds for the slot's first piece. By a controlling address, once:
    /// a slot that was cancelled and staged anew can be attested to anew.
    function attest(uint64 miner, uint32 slot, bytes32 root) external;

    /// Credits what `miner` earned for a piece up to now, where its sector is active (ValidateSectorStatus). By anyone.
    /// Where the sector ends at `until`, the last time to do it is just before: nobody can say later how it ended.
    /// @param aux what the miner actor's GenerateSectorLocation gives for the sector: location()
    function settle(uint32 slot, uint8 piece, uint64 miner, bytes calldata aux) external;

    /// A deal of the built-in market became active: credits the first share. By anyone, and best before the deal's
    /// start: until then it counts as stored, after it only what was activated here does. (A sector's notification does
    /// the same by itself where the deal was made without that market.)
    function activateDeal(uint32 slot, uint8 piece, uint64 miner) external;

    /// A sector that should still hold a piece is gone: the rest returns to the pool, a part of the bond is slashed, the
    /// caller gets the bounty, the miner a strike. By anyone.
    function reportDead(uint32 slot, uint8 piece, uint64 miner, bytes calldata aux) external;

    /// Ends the account of a piece a month after `until` (or of a published deal that was not activated in time): what
    /// was not settled returns to the pool. By anyone.
    function close(uint32 slot, uint8 piece, uint64 miner) external;

    /// Returns what nobody earned of a slot whose window is closed to the pool. By anyone.
    function reclaim(uint32 slot) external;

    /// Judges the miner's past windows: misses are counted, and it is removed at maxMisses in a row. By anyone.
    function poke(uint64 miner) external;

    /// Pays the miner's credit, and its bond once it may be taken, to the miner's owner. By anyone.
    function withdraw(uint64 miner) external;

    /// Pays the caller its own credit (bounties, bond paid in excess).
    function withdrawOwn() external;

    /// Opens the rounds that are due, 64 at most. By anyone; every other change does it too, and reverts with
    /// AdvanceFirst where more are due. (What actors send does not: it is taken or ignored as if all were open.)
    function advance() external;

    // -------------------------------------------------------------------------------------------- to be looked up

    function round() external view returns (Round memory); // the one that is open now, as if advance() had been called
    function roundOf(uint16 number) external view returns (Round memory); // also of those past; zeros where unknown
    function params() external view returns (Params memory); // of the round that is open now
    function queuedParams() external view returns (Params memory queued, uint16 fromRound); // 0: none
    function slotWindow(uint32 slot) external view returns (uint64 target, uint64 open, uint64 closing); // this round's and the next's
    /// pieces, alternatives: how many pieces the first and the alternative staging have. Zeros where nothing is staged.
    function slotInfo(uint32 slot) external view
        returns (uint64 epoch, uint64 open, uint64 closing, uint8 pieces, uint8 alternatives, uint128 reward, bytes32 tipset, uint64 stagedAt, bool disputed);
    function piece(uint32 slot, uint8 index) external view returns (bytes32 root, uint64 rawSize, uint8 log2Padded);
    function dealOf(bytes32 root) external view returns (uint64 deal, bool known);
    function holder(uint32 slot, uint8 index, uint64 miner) external view returns (Holder memory);
    /// What settle() would credit for a piece now, and up to which epoch, if the sector is active. Zeros where the piece is not `active`.
    function due(uint32 slot, uint8 index, uint64 miner) external view returns (uint128 amount, uint64 to);
    /// Where a sector is, as its miner's actor says (GenerateSectorLocation): for settle() and reportDead(). It searches, so it
    /// costs far more than those: to be called, not to be sent. status: 0 dead, 1 active, 2 faulty; expiration: the epoch
    /// at which the sector ends, 0 where it is gone.
    function location(uint64 miner, uint64 sector) external view returns (uint8 status, bytes memory aux, uint64 expiration);
    function holders(uint32 slot, uint256 from, uint256 count) external view returns (Holder[] memory); // in order of activation or publication
    function latest(uint256 count) external view returns (uint32[] memory slots); // staged last first
    function roster(uint256 from, uint256 count) external view returns (uint64[] memory miners); // of the next round, by position; 0: a hole
    function provider(uint64 miner) external view
        returns (Standing standing, uint32 position, uint16 firstRound, uint16 lastRound, uint8 misses, uint128 bond, uint256 earned);
    function activeProviders() external view returns (uint256);
    function bondNow() external view returns (uint256);
    function credit(address who) external view returns (uint256);
    function totals() external view returns (Totals memory);
    function owner() external view returns (address);
    function pendingOwner() external view returns (address);
    function operator() external view returns (address);
    function guardian() external view returns (address);
    function paused() external view returns (bool);
    function successor() external view returns (address);

    /// The version of this contract's interface; Curio asks for 1 (its ddo_v1 product).
    function version() external pure returns (uint256);

    // ------------------------------------------------------------------------------------------ for who runs it

    /// OPERATOR: commits to a slot's snapshot, of this round or the next, from its target on until it closes. Locks
    /// reward * replicas out of the pool and msg.value. A second call for a slot, before anyone holds a piece of it, adds an alternative
    /// (another fork's tipset) with the same reward; there is no third.
    function stage(StageArgs calldata args) external payable;

    /// OPERATOR: takes back what was staged, while nobody holds a piece of it.
    function cancel(uint32 slot) external;

    /// Adds to the pool. @param memo who gives and what for, at most 128 bytes
    function fund(string calldata memo) external payable;

    /// OWNER. Parameters apply from the first round that opens after the next one has opened.
    function queueParams(Params calldata next) external;
    function setOperator(address next) external; // OWNER
    function setGuardian(address next) external; // OWNER
    function setPaused(bool on) external; // GUARDIAN may pause staging; OWNER may pause it and go on
    function offerOwnership(address next) external; // OWNER
    function acceptOwnership() external; // the one it was offered to
    function setSuccessor(address next) external; // OWNER: where to look instead of here
    function moveToSuccessor(uint256 amount) external; // OWNER: of the pool, two rounds after setSuccessor() at the earliest

    // -------------------------------------------------------------------------- for Filecoin's actors and markets

    /// What actors call: AuthenticateMessage 2643134072 (a view: answers CBOR true or reverts), MarketNotifyDeal
    /// 4186741094 (of f05 alone), SectorContentChanged 2034386435 (of miners). Receive 3726118371 (datacap) and all
    /// others revert. Sources: FRC-0046, FIP-0044, FIP-0109 and builtin-actors runtime of the EVM actor.
    function handle_filecoin_method(uint64 method, uint64 codec, bytes calldata params)
        external returns (uint32 exitCode, uint64 returnCodec, bytes memory answer);

    /// What a deal is to Curio's mk20 market (its ICurioDealViewV1, market/mk20/contract of the Curio repository).
    enum DealState {
        Open, // may still be sealed
        Active, // somebody has it in a sector
        Finalized // over
    }

    /// What Curio's mk20 market asks about before it takes a deal. dealId: slot << 8 | piece. The selector of
    /// verifyDeal depends on these very types.
    struct CurioDealView {
        uint256 dealId;
        DealState state; // Open
        uint256 providerActorId;
        bytes clientId; // whose deal it is there: any wallet, not looked at
        bytes pieceCidV2; // binary, FRC-0069: its raw size must be the piece's
        uint256 startEpoch; // 0: none
        uint256 duration; // epochs
        uint256 allocationId; // 0
        uint256 finalizedEpoch; // 0
    }

    /// Whether such a deal would be taken by this contract if its sector were proven now. Reverts with DealNotFound
    /// where no piece has that number.
    function verifyDeal(CurioDealView calldata deal) external view returns (bool);

    /// Open until the slot's window closes; then Active where anybody holds the piece's slot, else Finalized. (A deal
    /// has one number for all replicas, so it can say nothing of one provider: holder() does.)
    function getDealState(uint256 dealId) external view returns (DealState);

    // ------------------------------------------------------------------------------------------------------ events

    event Registered(uint64 indexed miner, address by, uint32 position, uint16 firstRound, uint256 bond);
    event ExitQueued(uint64 indexed miner, uint16 lastRound);
    event Removed(uint64 indexed miner, uint8 reason); // 1: misses, 2: lost sectors (each was slashed for already)
    event Moving(uint64 indexed miner, uint32 from, uint32 to, uint16 fromRound);
    event RoundOpened(uint16 indexed round, uint64 start, uint32 positions, uint16 version);
    event SnapshotStaged(uint32 indexed slot, uint8 alternative, uint64 epoch, bytes32 tipset, bytes32 recipe, uint128 reward, bytes payload, Piece[] pieces);
    event StagingCancelled(uint32 indexed slot);
    event DealPublished(uint32 indexed slot, uint8 piece, uint64 indexed miner, uint64 dealId);
    event PieceActivated(uint32 indexed slot, uint8 piece, uint64 indexed miner, uint64 sector, uint64 until, uint256 upfront);
    event PieceIgnored(uint64 indexed miner, bytes32 root, uint8 reason); // the numbers of Refusal
    event SlotCompleted(uint32 indexed slot, uint64 indexed miner);
    event Missed(uint64 indexed miner, uint32 slot, uint8 misses);
    event Settled(uint32 indexed slot, uint8 piece, uint64 indexed miner, uint256 amount, uint64 to);
    event Dead(uint32 indexed slot, uint8 piece, uint64 indexed miner, address reporter, uint256 returned, uint256 bounty);
    event Slashed(uint64 indexed miner, uint256 amount);
    event Closed(uint32 indexed slot, uint8 piece, uint64 indexed miner, uint256 returned);
    event Reclaimed(uint32 indexed slot, uint256 amount);
    event Withdrawn(uint64 indexed miner, bytes to, uint256 amount, uint256 bond);
    event WithdrawnOwn(address indexed to, uint256 amount);
    event Funded(address indexed by, uint256 amount, string memo);
    event Attested(uint32 indexed slot, uint64 indexed miner, bytes32 root, bool same);
    event Disputed(uint32 indexed slot, uint32 against);
    event EndpointSet(uint64 indexed miner, string url);
    event ParamsQueued(uint16 version, uint16 fromRound, Params next);
    event ParamsApplied(uint16 version, uint16 round);
    event OperatorSet(address next);
    event GuardianSet(address next);
    event PausedSet(bool on, address by);
    event OwnershipOffered(address next);
    event OwnerSet(address next);
    event SuccessorSet(address next);
    event MovedToSuccessor(address to, uint256 amount);

    // ------------------------------------------------------------------------------------------------------ errors

    /// Why a piece is not taken. 0 is taken.
    enum Refusal {
        none,
        notRegistered, // 1
        unknownPiece, // 2: no slot wants this commitment
        notYourSlot, // 3
        windowNotOpen, // 4
        windowClosed, // 5
        wrongSize, // 6: padded size
        termTooShort, // 7: the sector ends before minTerm
        alreadyStored, // 8
        otherAlternative // 9: the miner has begun with the other alternative of the slot
    }

    error Refused(Refusal reason);
    error NotRegistered(uint64 miner);
    error AlreadyRegistered(uint64 miner);
    error NotController(uint64 miner, address by);
    error NotAMiner(uint64 miner);
    error TooLittlePower(uint256 has, uint256 needs);
    error Full(uint256 maxProviders);
    error BondTooSmall(uint256 given, uint256 needs);
    error NotOwner();
    error NotOperator();
    error NotGuardian();
    error NotOffered();
    error IsPaused();
    error BadParams(uint8 field); // its place in Params, from 0
    error UnknownSlot(uint32 slot);
    error SlotClosed(uint32 slot);
    error TargetNotReached(uint32 slot, uint64 target);
    error WrongEpoch(uint64 epoch, uint64 target);
    error WrongRecipe(bytes32 given, bytes32 wanted);
    error BadPieces(uint8 index);
    error RootStaged(bytes32 root);
    error AlreadyStaged(uint32 slot);
    error NotStaged(uint32 slot);
    error AlreadyClaimed(uint32 slot);
    error RewardTooLarge(uint256 given, uint256 cap);
    error NoFunds(uint256 has, uint256 needs);
    error NotHeld(uint32 slot, uint8 piece, uint64 miner);
    error NotActive(uint32 slot, uint8 piece, uint64 miner);
    error NotDead(uint32 slot, uint8 piece, uint64 miner);
    error TermOver(uint64 until);
    error TooEarly(uint64 epoch); // from when it can be done
    error NothingToDo();
    error AlreadyAttested(uint32 slot, uint64 miner);
    error TooLong(uint256 size, uint256 limit);
    error FilPlusRefused(); // no datacap and no verified deals: FIP-0118 ends them
    error BadDeal(uint8 field); // a field of the proposal that the contract does not take, its place from 0; 6: it has to start within 40,320 epochs
    error NotAnActor(address by);
    error UnknownMethod(uint64 method);
    error UnknownCodec(uint64 codec);
    error Cbor(uint256 offset); // what an actor sent is not the CBOR it has to be, from that byte on
    error ActorCall(uint64 actor, uint64 method, int256 exitCode);
    error PaymentFailed();
    error Reentered();
    error AdvanceFirst(); // more than 64 rounds are due: call advance() until they are open
    error DealNotFound(uint256 dealId); // Curio looks for this one
}
