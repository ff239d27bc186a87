using AuthService.Principals;
using Xunit;

namespace AuthService.UnitTests.Principals;

/// <summary>What is handed to the native library stays where it is only for the length of the call.</summary>
[Collection(nameof(MovingMemoryTests))]
public sealed class MovingMemoryTests
{
    [Fact]
    public async Task Salts_stand_a_garbage_collector_that_moves_everything()
    {
        var (bcrypt, salting) = (new BcryptPasswords(cost: 4), true);
        Task[] others = [Start(KeepSome), Start(KeepSome), Start(Salt)];

        for (var moves = 0; moves < 2_000; moves++)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true, compacting: true);
            Thread.Yield();
        }

        Volatile.Write(ref salting, false);
        await Task.WhenAll(others);

        static Task Start(Action work) => Task.Factory.StartNew(work, TaskCreationOptions.LongRunning);

        void Salt()
        {
            while (Volatile.Read(ref salting))
                Assert.Matches(@"^\$2b\$04\$[./A-Za-z0-9]{22}\z", bcrypt.NewSalt());
        }

        // What is kept moves into the room of what is not.
        void KeepSome()
        {
            var kept = new byte[1_000][];
            for (var made = 0; Volatile.Read(ref salting); made++)
                kept[made / 2 % kept.Length] = new byte[made % 100];
        }
    }

    /// <summary>Beside nothing else: it stops every thread all the time.</summary>
    [CollectionDefinition(nameof(MovingMemoryTests), DisableParallelization = true)]
    public sealed class Alone;
}
