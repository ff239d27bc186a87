namespace AuthService.Configuration;

/// <summary>Creates files that only their owner can read, from the first moment. On Windows they inherit the permissions of the folder.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderOwner = Owner | UnixFileMode.UserExecute;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Writes a new file.</summary>
    /// <exception cref="IOException">The file already exists.</exception>
    public static void Write(string path, string text)
    {
        CreateFolderOf(path);
        using var file = new StreamWriter(Open(path, FileMode.CreateNew));
        file.WriteLine(text);
    }

    /// <summary>Creates the folder of a file. An existing folder keeps its permissions, because it may hold other files.</summary>
    public static void CreateFolderOf(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, FolderOwner);
    }

    public static FileStream Open(string path, FileMode mode)
    {
        var access = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            access.UnixCreateMode = Owner;
        return new FileStream(path, access);
    }

    /// <returns>The mode of the file or folder, in octal (<c>0644</c>), if others may use it. Null if they may not, or if it does not exist.</returns>
    public static string? FindOpenMode(string path)
    {
        if (OperatingSystem.IsWindows() || !Path.Exists(path))
            return null;
        var mode = File.GetUnixFileMode(path);
        return (mode & Others) == UnixFileMode.None ? null : $"0{Convert.ToString((int)mode, 8)}";
    }
}
