using System.Text;
using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.CommandLine;

/// <summary>A file of people for <c>user import</c>, written line by line and deleted when disposed.</summary>
internal sealed class ImportFile : IDisposable
{
    /// <summary>The hash of "U*U" in the test suite of crypt_blowfish.</summary>
    public const string Hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    public const string HashedPassword = "U*U";

    private readonly FileStream _file = new(
        Path.Combine(Directory.CreateTempSubdirectory("authservice-import-").FullName, "people.jsonl"), FileMode.CreateNew, FileAccess.Write,
        FileShare.ReadWrite);

    public ImportFile Add(object person) => Add(JsonSerializer.SerializeToUtf8Bytes(person));

    public ImportFile Add(string line, string end = "\n") => Add(Encoding.UTF8.GetBytes(line), end);

    public ImportFile Add(byte[] line, string end = "\n")
    {
        _file.Write(line);
        _file.Write(Encoding.UTF8.GetBytes(end));
        return this;
    }

    /// <summary>Adds this many people with a password and a name.</summary>
    public ImportFile AddMany(int people)
    {
        for (var i = 0; i < people; i++)
            Add($$"""{"id":"imported-{{i}}","passwordHash":"{{Hash}}","firstNames":"Ada","lastName":"Number {{i}}","email":"imported-{{i}}@example.com"}""");
        return this;
    }

    /// <summary>The arguments of the command.</summary>
    public string[] Command
    {
        get
        {
            _file.Flush();
            return ["user", "import", _file.Name];
        }
    }

    public Task<CommandResult> ImportAsync(AuthHost host) => host.RunAsync(Command);

    public void Dispose()
    {
        _file.Dispose();
        Directory.Delete(Path.GetDirectoryName(_file.Name)!, recursive: true);
    }
}
