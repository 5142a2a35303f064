namespace Vigil.Kit;

[Flags]
public enum Services
{
    Authoring = 1,
    Publishing = 2,
    Notification = 4,
    Identity = 8,
    Gateway = 16,

    /// <summary>From the newsroom to the reader, with the tests' own issuer of tokens.</summary>
    Story = Authoring | Publishing | Notification | Gateway,
    All = Story | Identity,
}
